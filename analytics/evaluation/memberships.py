"""What rules may ask of uplift: whom a contact helps, and whom it would drive away."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.evaluation.models import UpliftScore
from campaigns.audiences.rules.memberships import LINE, MEMBERSHIPS, Membership


def register() -> None:
    MEMBERSHIPS.declare("contact_helps", Membership(
        _("A contact helps"), _("Risk"), _helped, _("is one of those whom a contact helps most"),
        _("is none of those whom a contact helps most"), is_risk=True,
    ))  # fmt: skip
    MEMBERSHIPS.declare("do_not_wake", Membership(
        _("Do not wake"), _("Risk"), _asleep, _("is expected to stay rather when left alone"),
        _("is not expected to stay rather when left alone"), is_risk=True,
    ))  # fmt: skip


def _helped() -> QuerySet:
    return UpliftScore.objects.helped().filter(subscriber=LINE)


def _asleep() -> QuerySet:
    return UpliftScore.objects.asleep().filter(subscriber=LINE)
