"""What this app declares to the core: audit actions, an API scope and tag, an event, a lock space."""

from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES

audit.declare_actions("contact_policy.change", "decision.move", "offer.change", "scenario.change")
CONTACT_LOCK = LOCK_SPACES.declare(7307, "contacting a customer")
