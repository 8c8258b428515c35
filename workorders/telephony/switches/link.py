"""No switch is connected: a number that was shown is a `tel:` link, and the telephone beside it does the rest."""

from workorders.telephony.switches.base import Telephone


class LinkTelephone(Telephone):
    name = "link"
    dials = False
