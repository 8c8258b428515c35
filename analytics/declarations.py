"""What this app declares to the core: audit actions, an API scope and tag, a lock space, chunked work."""

from django.utils.translation import gettext_lazy as _

from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.jobs.chunks import CHUNKED_WORK

audit.declare_actions(
    "model.contest",
    "model.promote",
    "model.train",
    "outcome.define",
    "value.change",
    "warning_list.freeze",
    "watch.change",
)
RISK_READ = SCOPES.declare("risk:read", Scope(_("read risk and warnings")))
SIGNALS = TAGS.declare("signals", Tag(30, _("Signals out"), "Risk, warnings and contacts."))
TRAINING_LOCK = LOCK_SPACES.declare(7311, "training a churn model")
SCORING = CHUNKED_WORK.declare("score", "analytics.churn.services.scoring.SCORING_WORK")
PLAN_FIT = CHUNKED_WORK.declare("plan_fit", "analytics.plan_fit.services.PLAN_FIT_WORK")
