from datetime import timedelta

import pytest

from retention.core.alerts.models import Alert
from retention.core.alerts.rules import Severity
from retention.core.notices.models import Notice, Urgency
from tests.core.alerts.rows import declare_kind, judge_values
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _kind() -> None:
    declare_kind()


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Alert, Notice)]


def test_readings_open_continue_and_close_alerts() -> None:
    first = judge_values(east=12, west=9)
    assert [alert.subject for alert in first.opened] == ["east"] and not first.closed
    judge_values(as_of=NOW + DAY, east=7, west=9)
    alert = Alert.objects.get()
    assert (alert.value, alert.peak, alert.seen_at, alert.opened_at) == (7, 12, NOW + DAY, NOW)
    last = judge_values(as_of=NOW + 2 * DAY, east=4)
    assert [alert.subject for alert in last.closed] == ["east"]
    assert Alert.objects.get().closed_at == NOW + 2 * DAY
    assert len(judge_values(as_of=NOW + 3 * DAY, east=12).opened) == 1
    assert Alert.objects.count() == 2


def test_judging_the_same_readings_again_changes_nothing(lin) -> None:
    judge_values(source="v1", east=12)
    judge_values(as_of=NOW + DAY, source="v2", east=25)
    before = everything()
    again = judge_values(as_of=NOW + DAY, source="v2", east=25)
    assert not (again.opened or again.worsened or again.closed)
    assert everything() == before


def test_too_light_readings_and_missing_ones_leave_an_alert_as_it_is() -> None:
    judge_values(east=12)
    judge_values(as_of=NOW + DAY, east=1, weight=2)
    judge_values(as_of=NOW + DAY)
    assert Alert.objects.open().get().seen_at == NOW
    judge_values(west=99, weight=2)
    assert Alert.objects.count() == 1


def test_an_older_judging_does_not_reach_a_newer_alert() -> None:
    judge_values(east=12)
    judge_values(as_of=NOW - DAY, east=1)
    judge_values(as_of=NOW - DAY, source="other")
    alert = Alert.objects.get()
    assert (alert.value, alert.closed_at) == (12, None)


def test_another_source_closes_and_starts_afresh_at_once() -> None:
    judge_values(source="v1", east=12)
    result = judge_values(as_of=NOW + DAY, source="v2", east=13)
    assert [(len(result.opened), len(result.closed))] == [(1, 1)]
    assert list(Alert.objects.open().values_list("source", "value")) == [("v2", 13)]


def test_those_who_may_acknowledge_are_notified_once_an_opening(ana, sam, lin, mia, ada) -> None:
    judge_values(east=12)
    judge_values(as_of=NOW + DAY, east=13)
    assert set(Notice.objects.values_list("person__username", flat=True)) == {"lin", "mia", "ada"}
    notice = Notice.objects.of(lin).get()
    assert (notice.text, notice.where) == ("Delay: east takes 12 minutes", "/churn/watch/")
    assert notice.urgency == Urgency.IMPORTANT


def test_the_owner_alone_is_notified_when_it_gets_worse_and_a_snooze_ends(lin, mia) -> None:
    judge_values(east=12)
    Notice.objects.all().delete()
    Alert.objects.update(owner=lin, snoozed_until=NOW + 7 * DAY)
    judge_values(as_of=NOW + DAY, east=19)
    assert not Notice.objects.exists() and Alert.objects.get().is_snoozed(NOW + DAY)
    judge_values(as_of=NOW + 2 * DAY, east=20)
    judge_values(as_of=NOW + 3 * DAY, east=30)
    alert, notice = Alert.objects.get(), Notice.objects.get()
    assert (alert.severity, alert.snoozed_until) == (Severity.CRITICAL, None)
    assert (notice.person, notice.urgency) == (lin, Urgency.URGENT)


def test_many_of_a_kind_are_one_notice(lin) -> None:
    judge_values(east=12, west=13, north=14)
    assert Notice.objects.of(lin).get().text == "Delay: east takes 12 minutes (and 2 more alarms of this kind)"


def test_more_readings_cost_no_more_queries(lin, django_assert_max_num_queries) -> None:
    judge_values(**{f"s{number}": 12 for number in range(200)})
    with django_assert_max_num_queries(14):
        judge_values(as_of=NOW + DAY, **{f"s{number}": 12 for number in range(100, 300)})
    assert Alert.objects.count() == 300
