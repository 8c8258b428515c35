from datetime import timedelta

import pytest

from retention.core import clock
from retention.core.alerts.models import Alert
from retention.core.alerts.rules import AlertKind, declare_kinds
from retention.core.alerts.services import handling
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid
from tests.core.alerts.rows import declare_kind, make_alert
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kind():
    declare_kind()
    with clock.freeze(NOW):
        yield


def trail() -> list[dict]:
    return list(AuditEntry.objects.filter(action="alert.change").order_by("pk").values_list("detail", flat=True))


def test_it_is_assigned_to_oneself_and_given_up(client, lin) -> None:
    alert = make_alert()
    client.force_login(lin)
    assert client.post(f"/alerts/{alert.pk}/own/").headers["Location"] == "/churn/watch/"
    alert.refresh_from_db()
    assert alert.owner == lin
    client.post(f"/alerts/{alert.pk}/own/", {"release": "1"})
    alert.refresh_from_db()
    assert alert.owner is None
    assert [entry["owner"] for entry in trail()] == ["lin", ""]


def test_it_is_snoozed_and_taken_up_again(client, lin) -> None:
    alert = make_alert()
    client.force_login(lin)
    client.post(f"/alerts/{alert.pk}/snooze/", {"days": "3"})
    alert.refresh_from_db()
    assert (alert.snoozed_until, alert.snoozed_by) == (NOW + timedelta(days=3), lin)
    assert not Alert.objects.unattended(NOW).exists()
    assert Alert.objects.unattended(NOW + timedelta(days=3)).exists()
    client.post(f"/alerts/{alert.pk}/snooze/", {"days": "0"})
    assert Alert.objects.unattended(NOW).exists()
    assert [entry["snoozed_days"] for entry in trail()] == [3, 0]


@pytest.mark.parametrize("days", ["2", "x", "", "-1"])
def test_other_lengths_of_snooze_are_refused(client, lin, days) -> None:
    alert = make_alert()
    client.force_login(lin)
    page = client.post(f"/alerts/{alert.pk}/snooze/", {"days": days}, follow=True)
    assert "An alarm is snoozed for 1, 3 or 7 days." in page.text
    assert not trail()


def test_a_closed_alert_is_left_alone(lin) -> None:
    alert = make_alert(closed_at=NOW)
    for work in (
        lambda: handling.assign(alert=alert, owner=lin, actor=lin),
        lambda: handling.snooze(alert=alert, actor=lin, days=1, now=NOW),
        lambda: handling.acknowledge(alert=alert, actor=lin, note="", now=NOW),
    ):
        with pytest.raises(Conflict):
            work()


def test_the_owner_must_be_able_to_handle_it(ana, lin) -> None:
    with pytest.raises(Invalid):
        handling.assign(alert=make_alert(), owner=ana, actor=lin)


@pytest.mark.parametrize("move", ["acknowledge", "own", "snooze"])
def test_the_kind_says_who_may(client, ana, move) -> None:
    client.force_login(ana)
    assert client.post(f"/alerts/{make_alert().pk}/{move}/", {"days": "1"}).status_code == 403


def test_a_note_that_is_too_long_changes_nothing(client, lin) -> None:
    alert = make_alert()
    client.force_login(lin)
    page = client.post(f"/alerts/{alert.pk}/acknowledge/", {"note": "n" * 201}, follow=True)
    assert "The note is too long." in page.text
    assert Alert.objects.get().acknowledged_at is None


def test_snoozed_alerts_stand_last_and_acknowledged_ones_before_them(lin) -> None:
    make_alert(subject="snoozed", snoozed_until=NOW + timedelta(days=1))
    make_alert(subject="acknowledged", acknowledged_at=NOW, acknowledged_by=lin)
    make_alert(subject="new")
    assert [alert.subject for alert in Alert.objects.for_page(NOW)] == ["new", "acknowledged", "snoozed"]


def test_a_kind_with_an_unknown_permission_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="unknown permission"):
        declare_kinds([AlertKind("x", "X", "", "", "nothing.at.all", "core:notices", str)])
