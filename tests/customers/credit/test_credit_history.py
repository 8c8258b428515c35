"""Credit night by night: what is kept, what a second run adds, and what it was on a past date."""

from datetime import date, timedelta

import pytest

from customers.credit.models import AccountCredit, CreditChange
from customers.facts.models import Bill, Subscriber
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.services import build, build_profile, build_snapshot
from retention.core.jobs.models import ChunkedRun
from tests import factories as make
from tests.api import make_client
from tests.customers.credit.accounts import AS_OF, OCTOBER, YEAR, bill, credit_of, stop

pytestmark = pytest.mark.django_db
NEXT, LATER = AS_OF + timedelta(days=1), AS_OF + timedelta(days=2)


@pytest.fixture
def line() -> Subscriber:
    """91 points: nothing late 40, nothing owed 25, no stop 15, no complaint 8, since 2025-11-20 3."""
    found = make.make_subscriber(activated_on=date(2025, 11, 20))
    bill(found, YEAR[1:6])
    return found


def changes() -> list[tuple]:
    return list(CreditChange.objects.order_by("as_of").values_list("as_of", "score", "level", "why"))


def rows() -> tuple[list, list]:
    return list(AccountCredit.objects.order_by("pk").values()), list(CreditChange.objects.order_by("pk").values())


def test_a_night_on_which_nothing_changes_adds_no_change(line):
    for as_of in (AS_OF, NEXT, LATER):
        build_profile(as_of=as_of)
    assert changes() == [(AS_OF, 91, "excellent", "")]
    assert AccountCredit.objects.get().as_of == LATER


def test_a_change_is_kept_from_the_night_that_saw_it(line):
    build_profile(as_of=AS_OF)
    make.make_event(subscriber=line, kind="stop", reason="arrears", at="2026-11-16T10:00:00+08:00")
    build_profile(as_of=NEXT)

    assert changes() == [(AS_OF, 91, "excellent", ""), (NEXT, 84, "good", "")]
    assert CreditChange.objects.get(as_of=NEXT).points["stops"] == 8


def test_the_same_night_run_twice_adds_nothing(line):
    build_profile(as_of=AS_OF)
    before = rows()
    assert build_profile(as_of=AS_OF) == 0
    assert rows() == before

    build_profile(as_of=AS_OF, force=True)
    build_profile(as_of=AS_OF, force=True)
    assert changes() == [(AS_OF, 91, "excellent", "")]
    assert list(AccountCredit.objects.order_by("pk").values()) == before[0]


def test_a_night_done_again_with_facts_that_came_late_replaces_what_it_said(line):
    build_profile(as_of=AS_OF)
    stop(line, 3)
    assert credit_of(line).score == 84
    assert changes() == [(AS_OF, 84, "good", "")]


def test_a_change_keeps_the_points_so_that_the_page_says_which_factor_moved(line):
    """A stop of a year ago counts no more: 8, then 15. Two of five bills late are 40 %: 40, then 8."""
    stop(line, 364)
    build_profile(as_of=AS_OF)
    Bill.objects.filter(subscriber=line, month__in=YEAR[1:3]).update(paid_on=AS_OF)
    build_profile(as_of=LATER)
    assert [row.points["late_share"] for row in CreditChange.objects.order_by("as_of")] == [40, 8]
    assert [row.points["stops"] for row in CreditChange.objects.order_by("as_of")] == [8, 15]


def test_an_account_that_closes_keeps_its_history_and_has_no_credit_any_more(line):
    other = make.make_subscriber()
    build_profile(as_of=AS_OF)
    Subscriber.objects.filter(pk=line.pk).update(status="terminated", terminated_on=NEXT)
    build_profile(as_of=NEXT)

    assert list(AccountCredit.objects.values_list("account", flat=True)) == [other.account_id]
    own = CreditChange.objects.for_360(line.account_id)
    assert [(row.as_of, row.score, row.level, row.why) for row in own] == [
        (NEXT, None, "unrated", "closed"), (AS_OF, 91, "excellent", ""),
    ]  # fmt: skip
    build_profile(as_of=LATER)
    assert own.count() == 2
    assert not SubscriberProfile.objects.filter(subscriber=line).exists()


def test_an_account_that_comes_back_is_rated_again(line):
    make.make_subscriber()
    Subscriber.objects.filter(pk=line.pk).update(status="terminated", terminated_on=AS_OF)
    build_profile(as_of=AS_OF)
    assert not CreditChange.objects.for_360(line.account_id).exists()

    Subscriber.objects.filter(pk=line.pk).update(status="active", terminated_on=None)
    build_profile(as_of=NEXT)
    assert CreditChange.objects.for_360(line.account_id).get().score == 91


def test_a_build_killed_between_its_rounds_goes_on_and_is_as_if_it_had_not_been(line, monkeypatch):
    monkeypatch.setattr(build, "BLOCK_SIZE", 1)
    for _ in range(3):
        bill(make.make_subscriber(), YEAR[1:5])
    whole, done = build._score_block, []

    def fails(*given):
        if len(done) == 2:
            raise ZeroDivisionError
        done.append(1)
        return whole(*given)

    with monkeypatch.context() as patch:
        patch.setattr(build, "_score_block", fails)
        with pytest.raises(ZeroDivisionError):
            build_profile(as_of=AS_OF)
    assert AccountCredit.objects.count() == 2
    assert not SubscriberProfile.objects.exists()

    build_profile(as_of=AS_OF)
    assert AccountCredit.objects.count() == CreditChange.objects.count() == 4
    assert not SubscriberProfile.objects.filter(credit_score=None).exists()
    assert ChunkedRun.objects.get(kind="profile").rows == 4


def test_a_past_month_end_has_the_credit_of_its_day_not_of_today(line):
    """The bill due on 20 October and paid on 12 November was one of five late, and a month was owed: 20 and 8."""
    Bill.objects.filter(subscriber=line, month=YEAR[1]).update(paid_on=date(2026, 11, 12))
    bill(line, [OCTOBER], late_by=-5)
    build_profile(as_of=AS_OF)
    build_snapshot(as_of=date(2026, 10, 31))

    then = ProfileSnapshot.objects.get(subscriber=line)
    assert (then.credit_score, then.credit_level) == (20 + 8 + 15 + 8 + 3, "fair")
    now = SubscriberProfile.objects.get(subscriber=line)
    assert (now.credit_score, now.credit_level) == (20 + 25 + 15 + 8 + 3, "good")


def test_a_stored_score_of_another_date_is_not_taken_for_the_nights(line):
    build_profile(as_of=AS_OF)
    AccountCredit.objects.update(as_of=AS_OF - timedelta(days=9), score=1)
    ChunkedRun.objects.all().delete()
    SubscriberProfile.objects.update(as_of=AS_OF - timedelta(days=1))
    build_profile(as_of=AS_OF)
    assert SubscriberProfile.objects.get().credit_score == 91


def test_an_account_taken_back_takes_its_credit_along(line):
    build_profile(as_of=AS_OF)
    Bill.objects.filter(subscriber=line).delete()
    caller, number = make_client(), line.account.account_no

    assert caller.delete(f"subscribers/{line.subscriber_no}?reason=x").status_code == 204
    assert caller.delete(f"accounts/{number}?reason=x").status_code == 204

    assert rows() == ([], [])
