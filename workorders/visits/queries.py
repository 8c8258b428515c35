"""Contacts of visits as rows, and counted by the type of visit. Both are made from the same queryset, `visits_for`."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from retention.core.accounts.models import User
from workorders.order_types.models import OrderType
from workorders.orders.models import Transition, TransitionQuerySet, WorkOrder
from workorders.orders.queries import CONTACT_FILTERS, SUCCESSFUL_RESULTS, day_bounds
from workorders.supervision.periods import Period
from workorders.surveys.models import Response
from workorders.telephony.models import Call
from workorders.visits.rules import VISIT_TYPES

FILTERS = {"team": "order__team__code", "agent": "actor__username", "outcome": "disposition__code"}


def visits_for(user: User, period: Period, given: Mapping[str, Any]) -> TransitionQuerySet:
    """Contacts of visits that were saved in the period, of orders that the person may see, by the filters of the page.

    began_at: when the call began, None without one. score, possible: points of the answers that the contact saved and
    that still stand, None without any.
    """
    since, until = day_bounds(period.first, period.last)
    types = [given["type"]] if given.get("type") else list(VISIT_TYPES)
    found = Transition.objects.standing_contacts().filter(
        at__gte=since, at__lt=until, actor__isnull=False, order__type__code__in=types,
        order__in=WorkOrder.objects.visible_to(user).values("pk"),
    )  # fmt: skip
    for name, field in FILTERS.items():
        if given.get(name):
            found = found.filter(**{field: given[name]})
    found = found.filter(CONTACT_FILTERS[given.get("counted") or "contacts"])
    saved = Response.objects.standing().filter(order=OuterRef("order"), at=OuterRef("at"))
    return found.with_call_start().annotate(
        score=Subquery(saved.values("score")[:1]), possible=Subquery(saved.values("possible")[:1])
    )


def with_recordings(visits: TransitionQuerySet, user: User) -> TransitionQuerySet:
    """Annotates `call`: our reference of the recorded call that the contact came of, for whom may hear it."""
    heard = Call.objects.audible_to(user).exclude(recording="").filter(
        order=OuterRef("order"), agent=OuterRef("actor"), started_at__gte=OuterRef("began_at"),
        started_at__lte=OuterRef("at"),
    )  # fmt: skip
    return visits.annotate(call=Subquery(heard.order_by("-started_at").values("reference")[:1]))


def count_by_type(visits: TransitionQuerySet) -> list[dict[str, Any]]:
    """One row for each type with visits, in the order of VISIT_TYPES: visits (orders), contacts, reached, kept,
    refused, answered (contacts with answers), and the share of their points. Two queries."""
    types = {one.code: one for one in OrderType.objects.current()}
    rows = visits.order_by().values(code=F("order__type__code")).annotate(
        visits=Count("order", distinct=True),
        contacts=Count("pk"),
        reached=Count("pk", filter=Q(disposition__reached=True)),
        kept=Count("pk", filter=Q(disposition__result__in=SUCCESSFUL_RESULTS)),
        refused=Count("pk", filter=CONTACT_FILTERS["refused"]),
        answered=Count("score"),
        points=Sum("score"),
        most=Sum("possible"),
    )  # fmt: skip
    counted = {row["code"]: row for row in rows}
    return [
        counted[code] | {
            "title": types[code].title if code in types else code,
            "questionnaire": types[code].questionnaire if code in types else None,
            "reach_rate": counted[code]["reached"] / counted[code]["contacts"],
            "score": counted[code]["points"] / counted[code]["most"] if counted[code]["most"] else None,
        }
        for code in VISIT_TYPES if code in counted
    ]  # fmt: skip
