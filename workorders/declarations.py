"""What this app declares to the core: audit actions, an event, where agents begin."""

from retention.core.accounts.roles import LANDING_PAGES, Role
from retention.core.audit import services as audit

audit.declare_actions("order.move", "order.open", "order.reassign")
LANDING_PAGES.declare(Role.AGENT, "workorders:console")
