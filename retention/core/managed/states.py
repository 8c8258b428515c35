"""The way of a row that needs approval: draft, submitted, approved. Any change of it makes it a draft again."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("managed row", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("managed row", "Submitted")
    APPROVED = "approved", pgettext_lazy("managed row", "Approved")


class Move(models.TextChoices):
    SUBMIT = "submit", _("Submit for approval")
    APPROVE = "approve", _("Approve")
    SEND_BACK = "send_back", _("Send back")


# {move: (state before, state after)}
MOVES = {
    Move.SUBMIT: (State.DRAFT, State.SUBMITTED),
    Move.APPROVE: (State.SUBMITTED, State.APPROVED),
    Move.SEND_BACK: (State.SUBMITTED, State.DRAFT),
}
