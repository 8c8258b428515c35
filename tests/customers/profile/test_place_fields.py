"""What acts on everybody in a place: dropped calls of the district, calls to rivals in the city."""

from datetime import date

import pytest

from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.queries import places
from customers.profile.services import build_profile, build_snapshot
from retention.core.accounts.models import Branch
from tests import factories as make

pytestmark = pytest.mark.django_db
AS_OF, MONTH = date(2026, 10, 31), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def only_what_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly any pull to the whole, so that rates can be worked out by hand."""
    monkeypatch.setattr(places, "PRIOR_CALLS", 1e-6)
    monkeypatch.setattr(places, "PRIOR_LINES", 1e-6)


def line_of(branch: Branch, *, dropped: int = 0, rival: int = 0, calls: int = 100):
    line = make.make_subscriber(branch=branch)
    make.make_usage_month(
        subscriber=line, month=MONTH, calls_out=calls, calls_in=0, dropped_calls=dropped, rival_hotline_calls=rival
    )
    return line


def seen_by(line) -> tuple[float | None, float | None]:
    build_profile(as_of=AS_OF, force=True)
    profile = SubscriberProfile.objects.get(subscriber=line)
    return profile.district_dropped_rate, profile.city_rival_share


def test_a_line_sees_its_district_and_its_city(branches):
    line = line_of(branches.outlet, dropped=2)
    line_of(branches.district, dropped=10)
    line_of(branches.city, rival=3)
    line_of(branches.other, dropped=90, rival=9)
    assert seen_by(line) == (pytest.approx(0.06), pytest.approx(1 / 3))


def test_who_is_in_no_district_has_none(branches):
    line = line_of(branches.city, dropped=5, rival=1)
    assert seen_by(line) == (None, pytest.approx(1))


def test_a_branch_whose_code_begins_like_anothers_is_not_of_it(branches):
    line = line_of(branches.outlet, dropped=2)
    neighbour = make.make_branch(code="P1-C1-D11", name="Beside", parent=branches.city)
    line_of(neighbour, dropped=50)
    assert seen_by(line)[0] == pytest.approx(0.02)


def test_calls_of_other_months_do_not_count(branches):
    line = line_of(branches.outlet, dropped=2)
    make.make_usage_month(subscriber=line, month=date(2026, 9, 1), calls_out=100, dropped_calls=90)
    assert seen_by(line)[0] == pytest.approx(0.02)


def test_a_place_without_any_call_has_no_rate(branches):
    assert seen_by(line_of(branches.outlet, calls=0)) == (None, 0)


def test_a_small_place_is_pulled_to_the_whole(branches, monkeypatch):
    monkeypatch.undo()
    line = line_of(branches.outlet, dropped=10)
    line_of(branches.other, dropped=0, calls=900)
    expected = (10 + places.PRIOR_CALLS * 10 / 1000) / (100 + places.PRIOR_CALLS)
    assert seen_by(line)[0] == pytest.approx(expected)


def test_a_snapshot_sees_the_same(branches):
    line = line_of(branches.outlet, dropped=2, rival=1)
    build_snapshot(as_of=AS_OF)
    snapshot = ProfileSnapshot.objects.get(subscriber=line, as_of=AS_OF)
    assert (snapshot.district_dropped_rate, snapshot.city_rival_share) == (pytest.approx(0.02), pytest.approx(1))
