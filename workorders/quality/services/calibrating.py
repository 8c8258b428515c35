"""Rounds in which reviewers score the same calls without seeing each other's scores."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, Func, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Invalid, NotFound, Refused
from workorders.orders.models import Transition, WorkOrder
from workorders.quality.models import Calibration, Review, ScoreSheet
from workorders.quality.queries.people import reviewers_for
from workorders.quality.services.drawing import WEEK, WEEKS_BACK, drawn_values

ACTION = "calibration.change"
MOST_CALLS = 30


@transaction.atomic
def open_calibration(
    *, actor: User, name: str, sheet: ScoreSheet, reviewers: Sequence[User], calls: int, now: datetime
) -> Calibration:
    """Draw that many closed calls of the last weeks for all these reviewers, none of a reviewer's own.

    Invalid for less than two reviewers, people who may not review here, or too few calls.
    """
    _require(actor)
    if len({one.pk for one in reviewers}) < 2:
        raise _invalid("reviewers", _("Choose at least two reviewers."))
    allowed = {one.pk for one in reviewers_for(actor)}
    if any(one.pk not in allowed for one in reviewers):
        raise _invalid("reviewers", _("Choose among the reviewers of your branch."))
    if not 1 <= calls <= MOST_CALLS:
        raise _invalid("calls", _("From 1 to %(most)d calls.") % {"most": MOST_CALLS})
    contacts = _drawn(actor, name, reviewers, now)[:calls]
    found = list(contacts)
    if len(found) < calls:
        raise _invalid("calls", _("Only %(count)d closed calls can be drawn.") % {"count": len(found)})
    row = Calibration.objects.create(name=name, sheet=sheet, branch=actor.branch, opened_by=actor, opened_at=now)
    Review.objects.bulk_create(
        Review(
            **drawn_values(contact, contact.order, sheet, now=now),
            calibration=row,
            reviewer=one,
            reason=Review.Reason.CALIBRATION,
        )
        for contact in found
        for one in reviewers
    )
    audit.record(actor=actor, action=ACTION, target=row, made=name, calls=calls)
    return row


def _drawn(actor: User, name: str, reviewers: Sequence[User], now: datetime) -> QuerySet[Transition]:
    since = now - WEEKS_BACK * WEEK
    closed = Transition.objects.standing_contacts().filter(
        at__gte=since, at__lte=now, move="complete", actor__isnull=False
    )
    seen = closed.filter(order__in=WorkOrder.objects.visible_to(actor).values("pk")).exclude(actor__in=reviewers)
    salted = Concat(Value(f"{name}:"), "order__order_no")
    drawn = Func(salted, Value(0), function="hashtextextended", output_field=BigIntegerField())
    return seen.annotate(drawn=drawn).select_related("order").order_by("drawn", "pk")


@transaction.atomic
def close_calibration(*, pk: int, actor: User, now: datetime) -> Calibration:
    """From now on nobody scores in it any more, and its reviewers see the result."""
    _require(actor)
    row = Calibration.objects.select_for_update(no_key=True).filter(pk=pk, opened_by=actor).first()
    if row is None:
        raise NotFound(_("There is no such calibration of yours."))
    if row.closed_at is None:
        row.closed_at = now
        row.save(update_fields=["closed_at"])
        audit.record(actor=actor, action=ACTION, target=row, closed=True)
    return row


def _require(actor: User) -> None:
    if not actor.may("quality.review"):
        raise Refused(_("Your role does not include this."))


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, details=[{"field": field, "code": "bad", "message": message}])
