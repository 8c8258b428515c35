"""What the core itself declares: its audit actions, job and message texts, and the scope and tag of webhook endpoints.

Lock spaces of the core are declared where they are used.
"""

from django.utils.translation import gettext_lazy as _

from retention.core.administration.sections import SECTIONS, Section
from retention.core.alerts.text import MESSAGE, format_message
from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.jobs.text import KINDS, STEPS
from retention.core.notices.text import MESSAGES
from retention.core.ui.glossary import declare_meanings

audit.declare_actions(
    "alert.change",
    "api_client.change",
    "export",
    "night.rerun",
    "preference.change",
    "restore.finish",
    "session.close",
    "session.open",
    "session.refused",
    "session.unlock",
    "staff.change",
    "staff.password",
    "team.change",
    "webhook.change",
    "webhook.resend",
)
KINDS.declare("export", _("Export of a list"))
STEPS.declare("write", _("File written"))
MESSAGES.declare(MESSAGE, format_message)
WEBHOOKS_WRITE = SCOPES.declare("webhooks:write", Scope(_("manage webhooks")))
WEBHOOKS = TAGS.declare("webhooks", Tag(50, _("Webhooks"), "Where we send what happens here."))

for key, section in {
    "people": Section(
        _("People"), _("Accounts, roles, branches and groups of staff; passwords and locked sign-ins"), "users",
        "core:people", "staff.view", 10,
    ),
    "groups": Section(
        _("Retention groups"), _("Who shares a queue of orders, and for which branch"), "users-group",
        "core:staff-groups", "staff.view", 11,
    ),
    "roles": Section(
        _("Roles"), _("What each role may do, and how many people have it"), "shield-check", "core:staff-roles",
        "staff.view", 12,
    ),
    "branches": Section(
        _("Branches"), _("The operator's tree with its lines and people"), "sitemap", "core:staff-branches",
        "staff.view", 13,
    ),
}.items():  # fmt: skip
    SECTIONS.declare(key, section)
declare_meanings(
    {
        "rate_per_second": _("Requests that the client may send in a second."),
        "DeliveryTable.attempts": _("How often the event has been sent."),
        "WebhookTable.waiting": _("Events that have not been delivered yet."),
        "WebhookTable.age": _("How long the oldest of them has waited."),
        "WebhookTable.parked": _("Events given up after 72 hours without an answer."),
        "StepTable.rows_done": _("Rows that the step has worked on."),
        "StepTable.seconds": _("Time that the step took."),
        "StepTable.speed": _("Rows worked on in a second."),
    }
)
