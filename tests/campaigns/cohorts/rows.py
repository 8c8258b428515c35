"""Cohorts for tests: lines with a profile of the night, and a cohort frozen from them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from campaigns.cohorts.services.freezing import freeze_cohort
from customers.cohorts.models import Cohort, CohortMember
from customers.facts.models import Subscriber
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import Branch, User
from retention.core.db import partitioned_tables
from tests.campaigns.rows import ask, rule
from tests.factories import make_account, make_customer, make_profile, make_subscriber, number

FROZEN = date(2026, 8, 31)
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)
RICH = rule(ask("arpu", ">=", 80))


def make_line(*, branch: Branch, arpu: int = 100, as_of: date = FROZEN, **given: Any) -> SubscriberProfile:
    customer = given.pop("customer", None) or make_customer(branch=branch)
    facts = {name: given.pop(name) for name in ("phone_number", "group") if name in given}
    line = make_subscriber(account=make_account(customer=customer), branch=branch, **facts)
    return make_profile(subscriber=line, as_of=as_of, arpu=Decimal(arpu), **given)


def make_cohort(**given: Any) -> Cohort:
    return Cohort.objects.create(**{"code": number("K"), "name": "Base", "name_zh": "拍照", "rule": RICH} | given)


def freeze(actor: User, cohort: Cohort, on: date = FROZEN, **given: Any) -> Cohort:
    sent = {"version": cohort.version, "now": at(on)} | given
    return freeze_cohort(actor=actor, code=cohort.code, on=on, **sent)


def freeze_lines(actor: User, *lines: SubscriberProfile, **given: Any) -> Cohort:
    """A cohort of exactly these lines, as of FROZEN; one poor line stays outside."""
    make_line(branch=lines[0].branch, arpu=5)
    return freeze(actor, make_cohort(**given), confirmed=len(lines))


def at(day: date) -> datetime:
    """Noon of a day."""
    return clock.midnight(day).replace(hour=12)


def member_of(line: SubscriberProfile | Subscriber) -> CohortMember:
    return CohortMember.objects.get(subscriber_id=line.pk)


def snapshot(day: date, **given: object) -> None:
    """The profiles as they stand, as the snapshot of a day."""
    partitioned_tables.ensure_partitions("customers_profilesnapshot", [day])
    names = [field.name for field in ProfileSnapshot._meta.concrete_fields if field.name not in {"as_of", "pk"}]
    for profile in SubscriberProfile.objects.all():
        values = {name: getattr(profile, name) for name in names if name != "subscriber"}
        ProfileSnapshot.objects.create(subscriber_id=profile.pk, as_of=day, **values | given)
