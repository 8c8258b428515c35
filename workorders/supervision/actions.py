"""What can be done with many orders at once, and why an order may be left as it is. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Action(TextChoices):
    """GIVE: to an agent or to the queue of a group."""

    GIVE = "give", _("Assign")
    TAKE_BACK = "take_back", _("Take back")
    DEFER = "defer", _("Defer")
    PRIORITY = "priority", _("Change the priority")
    CANCEL = "cancel", pgettext_lazy("verb", "Cancel")


class Refusal(TextChoices):
    """In the order in which they are looked for."""

    UNSEEN = "unseen", _("not one of your orders any more")
    CLOSED = "closed", pgettext_lazy("order state", "closed")
    ON_CALL = "on_call", _("on the desk of an agent")
    UNCHANGED = "unchanged", _("so already")
    ILLEGAL = "illegal", _("its state or its type allows no such move")
    MOVED = "moved", _("moved by somebody else meanwhile")
