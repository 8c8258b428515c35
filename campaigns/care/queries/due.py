"""For which lines an occasion is due: one queryset each, of subscriber_id and evidence, one row a line."""

import json
from calendar import isleap
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, JSONField, Max, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, JSONObject, Least

from campaigns.audiences.days_of_year import falling_on, names_of
from campaigns.audiences.occasions import OCCASION, Asked
from campaigns.care.models import NOTICE, CareNotice
from campaigns.scenarios.models import ScenarioHit
from customers.facts.models import Balance, Payment, PointEntry, ServiceContact
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import Branch

# Why points went, as billing systems write it; all other losses were not the customer's wish.
REDEEMED = ("redeemed", "redeem", "redemption", "exchange", "兑换", "积分兑换")
LOST = Q(points__lt=0) & ~Q(reason__in=REDEEMED)


def birthdays(asked: Asked) -> QuerySet:
    on = asked.day_ahead
    return SubscriberProfile.objects.filter(born_on_this_day(on)).annotate(evidence=_evidence("birthday", on))


def born_on_this_day(on: date) -> Q:
    """Who was born on 29 February has the birthday on the 28th in years without one."""
    born = Q(customer__birth_date__month=on.month, customer__birth_date__day=on.day)
    if (on.month, on.day) == (2, 28) and not isleap(on.year):
        born |= Q(customer__birth_date__month=2, customer__birth_date__day=29)
    return born


def days_of_the_year(asked: Asked) -> QuerySet | None:
    on = asked.day_ahead
    day = falling_on(asked.dates, on)
    if day is None:
        return None
    name, name_zh = names_of(day)
    return SubscriberProfile.objects.annotate(
        evidence=_evidence("festival", on, name=Value(name), name_zh=Value(name_zh))
    )


def notices(asked: Asked) -> QuerySet | None:
    """From `days` before a notice starts until it ends, once a customer; of two notices the one that starts first."""
    found = CareNotice.objects.due(scenario=asked.scenario, from_day=asked.contact_on, until=asked.day_ahead)
    cases = [When(_may_be_told(one, asked), then=_as_json(_of_notice(one))) for one in found.select_related("branch")]
    if not cases:
        return None
    evidence = Case(*cases, default=None, output_field=JSONField())
    return SubscriberProfile.objects.annotate(evidence=evidence).filter(evidence__isnull=False)


def _may_be_told(notice: CareNotice, asked: Asked) -> Q:
    told = ScenarioHit.objects.filter(
        scenario=asked.scenario, customer=OuterRef("customer_id"), on__lt=asked.as_of,
        **{f"evidence__{OCCASION}__notice": notice.code},
    ).exclude(state=ScenarioHit.State.REFUSED)  # fmt: skip
    there = Q(branch__in=Branch.objects.under(notice.branch).values("pk")) if notice.branch else Q()
    return there & ~Q(Exists(told))


def _of_notice(notice: CareNotice) -> dict[str, str]:
    return {
        "kind": NOTICE, "notice": notice.code, "on": notice.starts_on.isoformat(),
        "name": notice.name, "name_zh": notice.name_zh,
    }  # fmt: skip


def first_points(asked: Asked) -> QuerySet:
    earned = _entries(asked).filter(points__gt=0)
    return _points(earned.exclude(Exists(_earned_before(asked))), "first_points", asked)


def points_change(asked: Asked) -> QuerySet:
    """Points earned or redeemed; the first ones and those lost have occasions of their own."""
    return _points(_entries(asked).exclude(LOST).filter(Exists(_earned_before(asked))), "points_change", asked)


def points_loss(asked: Asked) -> QuerySet:
    lost = _entries(asked).filter(LOST).annotate(gone=-F("points"))
    return _points(lost, "points_loss", asked, of="gone")


def points_expiry(asked: Asked) -> QuerySet:
    """Points that end on the day, as far as the line still has them."""
    on = asked.day_ahead
    still_there = Least(Sum("points"), Max("subscriber__profile__points"))
    return (
        PointEntry.objects.filter(expires_on=on, points__gt=0)
        .values("subscriber_id")
        .annotate(still_there=still_there)
        .filter(still_there__gt=0)
        .annotate(evidence=_evidence("points_expiry", on, points=still_there))
    )


def _entries(asked: Asked) -> QuerySet[PointEntry]:
    begins, ends = _instants(asked.day_before)
    return PointEntry.objects.filter(at__gte=begins, at__lt=ends)


def _earned_before(asked: Asked) -> QuerySet[PointEntry]:
    begins, _ends = _instants(asked.day_before)
    return PointEntry.objects.filter(subscriber=OuterRef("subscriber_id"), at__lt=begins, points__gt=0)


def _points(entries: QuerySet[PointEntry], kind: str, asked: Asked, *, of: str = "points") -> QuerySet:
    evidence = _evidence(kind, asked.day_before, points=Sum(of))
    return entries.values("subscriber_id").annotate(evidence=evidence)


def payments(asked: Asked) -> QuerySet:
    """Of an account's lines, all; the scenario takes one a customer."""
    begins, ends = _instants(asked.day_before)
    paid = Payment.objects.filter(paid_at__gte=begins, paid_at__lt=ends, account__subscribers__isnull=False)
    return paid.values(subscriber_id=F("account__subscribers")).annotate(
        evidence=_evidence("payment", asked.day_before, amount=Sum("amount"))
    )


def balance_falls(asked: Asked) -> QuerySet:
    """Accounts whose balance of the day is lower than that of the day before."""
    day = asked.day_before
    # Both days joined: looking up the other day of each account takes twice as long.
    fell = Q(account__balances__day=day - timedelta(days=1), account__balances__balance__gt=F("balance"))
    return (
        Balance.objects.filter(fell, day=day)
        .filter(account__subscribers__isnull=False)
        .annotate(subscriber_id=F("account__subscribers"), evidence=_evidence("balance", day, balance=F("balance")))
        .values("subscriber_id", "evidence")
    )


def closed_complaints(asked: Asked) -> QuerySet:
    begins, ends = _instants(asked.day_before)
    closed = ServiceContact.objects.filter(
        kind=ServiceContact.Kind.COMPLAINT, closed_at__gte=begins, closed_at__lt=ends
    )
    return (
        closed.annotate(evidence=_evidence("complaint", asked.day_before))
        .values("subscriber_id", "evidence")
        .distinct()
    )


def _evidence(kind: str, on: date, **values: Any) -> JSONObject:
    return JSONObject(kind=Value(kind), on=Value(on.isoformat()), **values)


def _as_json(values: Mapping[str, str]) -> Cast:
    return Cast(Value(json.dumps(values)), JSONField())


def _instants(day: date) -> tuple[datetime, datetime]:
    return clock.midnight(day), clock.midnight(day + timedelta(days=1))
