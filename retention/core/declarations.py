"""What the core itself declares: its audit actions, its exports, and the scope and tag of the webhook endpoints.

Lock spaces of the core are declared where they are used.
"""

from django.utils.translation import gettext_lazy as _

from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.jobs.text import KINDS, STEPS

audit.declare_actions(
    "api_client.change", "export", "preference.change", "staff.change", "webhook.change", "webhook.resend"
)
WEBHOOKS_WRITE = SCOPES.declare("webhooks:write", Scope(_("manage webhooks")))
WEBHOOKS = TAGS.declare("webhooks", Tag(50, _("Webhooks"), "Where we send what happens here."))
KINDS.declare("export", _("Export of a list"))
STEPS.declare("write", _("File written"))
