"""Freezing: who becomes a member, with what, and when it is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.utils import translation

from campaigns.cohorts.services.freezing import freezable_dates
from customers.cohorts.models import Cohort, CohortMember
from customers.facts.models import Subscriber
from customers.profile.models import SubscriberProfile
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, DomainError, Invalid, Refused
from retention.core.managed import services as managed
from retention.core.managed.services import StaleVersion
from tests.campaigns.cohorts.rows import FROZEN, RICH, freeze, make_cohort, make_line, member_of, snapshot
from tests.campaigns.rows import ask, rule
from tests.factories import make_branch, make_user

pytestmark = pytest.mark.django_db


def problem(error) -> tuple[str, str]:
    (detail,) = error.value.details
    return detail["field"], detail["code"]


def test_the_lines_of_the_rule_become_members_with_what_they_were(mia, branches):
    rich, middle = make_line(branch=branches.outlet, arpu=150), make_line(branch=branches.other, arpu=80)
    make_line(branch=branches.outlet, arpu=79)

    cohort = freeze(mia, make_cohort())

    assert (cohort.members, cohort.base_revenue, cohort.frozen_on) == (2, Decimal("230"), FROZEN)
    assert cohort.enabled
    assert cohort.frozen_by == mia
    member = member_of(rich)
    assert (member.customer_id, member.branch, member.owner) == (rich.customer_id, branches.outlet, None)
    assert (member.value_band, member.base_revenue) == ("high", Decimal("150"))
    assert member.phone_number == rich.subscriber.phone_number
    assert member_of(middle).value_band == "mid"
    entry = AuditEntry.objects.get(action="cohort.freeze")
    assert (entry.target, entry.detail["members"]) == (f"cohort:{cohort.code}", 2)


def test_a_cohort_of_a_branch_takes_lines_there_and_below(ada, branches):
    make_line(branch=branches.other)
    inside = make_line(branch=branches.outlet)
    make_line(branch=branches.outlet, arpu=5)
    freeze(ada, make_cohort(branch=branches.city))
    assert [one.subscriber_id for one in CohortMember.objects.all()] == [inside.pk]


def test_a_frozen_cohort_never_changes_its_members(mia, branches):
    line = make_line(branch=branches.outlet)
    make_line(branch=branches.outlet, arpu=5)
    cohort = freeze(mia, make_cohort())
    SubscriberProfile.objects.filter(pk=line.pk).update(arpu=1)
    make_line(branch=branches.outlet, arpu=500)

    with pytest.raises(Conflict) as error:
        freeze(mia, cohort)
    assert error.value.code == "frozen_already"
    with pytest.raises(Invalid) as refused:
        values = {"rule": rule(ask("arpu", ">=", 1))}
        managed.update(model=Cohort, actor=mia, code=cohort.code, version=cohort.version, values=values)
    assert problem(refused) == ("rule", "frozen")
    assert [one.subscriber_id for one in CohortMember.objects.all()] == [line.pk]
    renamed = managed.update(
        model=Cohort, actor=mia, code=cohort.code, version=cohort.version, values={"name": "Other", "rule": RICH}
    )
    assert renamed.name == "Other"


def test_a_rule_that_catches_nobody_is_refused(mia, branches):
    make_line(branch=branches.outlet, arpu=5)
    with pytest.raises(Invalid) as error:
        freeze(mia, make_cohort())
    assert problem(error) == ("on", "catches_nobody")
    assert not Cohort.objects.get().enabled


def test_nearly_the_whole_base_is_frozen_only_when_its_number_is_typed(mia, branches):
    for _ in range(3):
        make_line(branch=branches.outlet)
    cohort = make_cohort()
    for typed in (None, 2):
        with pytest.raises(Invalid) as error:
            freeze(mia, cohort, confirmed=typed)
        assert problem(error) == ("confirmed", "whole_base")
        assert "3 lines of 3" in str(error.value)
    with translation.override("zh-hans"), pytest.raises(Invalid) as error:
        freeze(mia, cohort)
    assert "3" in str(error.value)
    assert "nearly" not in str(error.value)
    assert freeze(mia, cohort, confirmed=3).members == 3


def test_a_date_of_which_nothing_is_kept_is_refused_by_name(mia, branches):
    make_line(branch=branches.outlet)
    with pytest.raises(Invalid) as error:
        freeze(mia, make_cohort(), on=date(2026, 7, 31))
    assert problem(error) == ("on", "no_profile")
    assert "31 Jul 2026" in str(error.value)
    assert freezable_dates(until=FROZEN) == [FROZEN]


def test_a_past_month_end_is_frozen_from_its_snapshot_with_the_lines_as_they_stood(mia, branches):
    past = date(2026, 6, 30)
    line = make_line(branch=branches.outlet)
    make_line(branch=branches.outlet, arpu=5)
    snapshot(past)
    SubscriberProfile.objects.update(arpu=1)
    Subscriber.objects.filter(pk=line.pk).update(status="terminated", terminated_on=date(2026, 8, 1))

    cohort = freeze(mia, make_cohort(), on=past)

    assert freezable_dates(until=FROZEN) == [FROZEN, past]
    assert (cohort.members, member_of(line).base_revenue) == (1, Decimal("100"))


def test_a_sample_is_no_base_to_freeze(mia, branches):
    past = date(2026, 6, 30)
    make_line(branch=branches.outlet)
    snapshot(past)
    for _ in range(3):
        make_line(branch=branches.outlet)
    with pytest.raises(Invalid) as error:
        freeze(mia, make_cohort(), on=past)
    assert problem(error) == ("on", "no_profile")


def test_a_rule_on_scores_is_refused_for_a_past_date(mia, branches):
    make_line(branch=branches.outlet)
    snapshot(FROZEN - timedelta(days=31))
    scored = make_cohort(rule=rule(ask("risk_tier", "in", ["high"])))
    with pytest.raises(Invalid) as error:
        freeze(mia, scored, on=FROZEN - timedelta(days=31))
    assert problem(error) == ("on", "not_known_then")
    assert "Risk tier" in str(error.value)


def test_a_manager_of_a_city_cannot_freeze_the_whole_base(branches):
    make_line(branch=branches.outlet)
    manager = make_user(role="manager", branch=branches.city)
    with pytest.raises(Refused):
        freeze(manager, make_cohort())


def test_a_rule_that_was_changed_meanwhile_is_not_frozen(mia, branches):
    make_line(branch=branches.outlet)
    cohort = make_cohort(version=2)
    with pytest.raises(StaleVersion):
        freeze(mia, cohort, version=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_freeze_at_once_one_is_refused():
    branch = make_branch()
    manager = make_user(role="manager", branch=branch)
    for arpu in (100, 5):
        make_line(branch=branch, arpu=arpu)
    cohort, start = make_cohort(), Barrier(2)

    def one(_place: int) -> str:
        try:
            start.wait(timeout=10)
            return str(freeze(manager, cohort).members)
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == ["1", "frozen_already"]
    assert CohortMember.objects.count() == 1
