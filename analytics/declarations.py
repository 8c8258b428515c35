"""What this app declares to the core: audit actions, an API scope and tag, a lock space."""

from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES

audit.declare_actions(
    "model.contest",
    "model.promote",
    "model.train",
    "outcome.define",
    "value.change",
    "warning_list.freeze",
    "watch.change",
)
TRAINING_LOCK = LOCK_SPACES.declare(7311, "training a churn model")
