"""Pauses: one at a time, never with a customer waiting, seen on the board, ended with the session."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from retention.core import clock
from retention.core.accounts.roles import IDLE_MINUTES, Role
from retention.core.administration.services import Seen, row_values
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, NotFound, Refused
from retention.core.ui.formats import duration
from tests.factories import NOW, TODAY, make_user
from tests.workorders.rows import MINUTE, make_orders
from workorders.orders.services.claiming import claim_next
from workorders.pauses import services
from workorders.pauses.models import Pause, PauseCode
from workorders.pauses.queries import pauses_of_day

pytestmark = pytest.mark.django_db
DESK, BOARD = reverse("workorders:console"), reverse("workorders:supervise")


@pytest.fixture(autouse=True)
def _reasons():
    services.install_pause_codes()


@pytest.fixture
def ana(floor):
    return floor[1][0]


def pause(agent, code="lunch", *, at=NOW):
    return services.begin_pause(agent=agent, code=code, now=at)


def ends(agent) -> list[tuple]:
    return list(Pause.objects.filter(agent=agent).order_by("pk").values_list("code__code", "ended_at", "ended_by"))


def test_reasons_ship_once_and_keep_what_people_change():
    PauseCode.objects.filter(code="lunch").update(minutes=45)
    assert services.install_pause_codes() == 0
    assert PauseCode.objects.get(code="lunch").minutes == 45


def test_the_same_reason_goes_on_and_another_takes_its_place(ana):
    first = pause(ana)
    assert pause(ana, at=NOW + MINUTE) == first
    pause(ana, "coaching", at=NOW + 5 * MINUTE)
    assert ends(ana) == [("lunch", NOW + 5 * MINUTE, "other"), ("coaching", None, "")]
    assert services.end_pause(agent=ana, now=NOW + 9 * MINUTE) == 1
    assert services.end_pause(agent=ana, now=NOW + 9 * MINUTE) == 0
    assert ends(ana)[1] == ("coaching", NOW + 9 * MINUTE, "agent")


def test_nobody_pauses_with_a_customer_on_the_desk(client, floor, ana):
    make_orders(1, team=floor[0])
    claim_next(agent=ana, now=NOW)
    with pytest.raises(Conflict, match="Finish the order"):
        pause(ana)
    client.force_login(ana)
    with clock.freeze(NOW):
        page = client.post(reverse("workorders:pause"), {"code": "lunch"}, follow=True)
    assert "Finish the order on your desk first." in page.text
    assert not Pause.objects.exists()


def test_reasons_out_of_use_and_people_without_orders_are_refused(ana):
    PauseCode.objects.filter(code="lunch").update(active=False)
    with pytest.raises(NotFound):
        pause(ana)
    with pytest.raises(Refused):
        pause(make_user(role="analyst"), "break")


def test_the_database_allows_one_running_pause_an_agent(ana):
    row = pause(ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(agent=ana, code=row.code, began_at=NOW)


def test_the_next_order_ends_the_pause(client, floor, ana):
    make_orders(1, team=floor[0])
    client.force_login(ana)
    with clock.freeze(NOW):
        client.post(reverse("workorders:pause"), {"code": "lunch"})
        page = client.get(DESK).text
        assert "Pause: Lunch" in page
        assert 'data-key="r"' in page
    with clock.freeze(NOW + 20 * MINUTE):
        client.post(reverse("workorders:next"))
    assert ends(ana) == [("lunch", NOW + 20 * MINUTE, "next")]


def test_ready_again_by_its_button(client, ana):
    client.force_login(ana)
    with clock.freeze(NOW):
        client.post(reverse("workorders:pause"), {"code": "break"})
    with clock.freeze(NOW + 3 * MINUTE):
        page = client.post(reverse("workorders:ready"), follow=True).text
    assert "Pause: Short break" not in page
    assert ends(ana) == [("break", NOW + 3 * MINUTE, "agent")]


def test_signing_out_ends_it_and_so_does_an_end_of_the_session(client, floor, ana):
    ben = floor[1][1]
    client.force_login(ana)
    with clock.freeze(NOW):
        client.get(DESK)
        pause(ana)
        client.post("/logout/")
    assert ends(ana) == [("lunch", NOW, "sign_out")]
    client.force_login(ben)
    with clock.freeze(NOW):
        client.get(DESK)
    pause(ben, at=NOW)
    late = NOW + timedelta(minutes=IDLE_MINUTES[Role.AGENT] + 1)
    assert services.end_pauses_of_absent(now=NOW + MINUTE) == 0
    assert services.end_pauses_of_absent(now=late) == 1
    assert services.end_pauses_of_absent(now=late) == 0
    assert ends(ben) == [("lunch", NOW, "absent")]


def test_the_board_shows_who_pauses_since_when_and_who_is_long_over(client, floor, boss, ana):
    client.force_login(ana)
    with clock.freeze(NOW):
        client.get(DESK)
    pause(ana, "break")
    client.force_login(boss)
    for minutes, is_over in ((10, False), (16, True)):
        with clock.freeze(NOW + minutes * MINUTE):
            page = client.get(BOARD)
        tile = next(one for one in page.context["tiles"] if one.agent == ana)
        assert (tile.presence, tile.since, tile.is_over) == ("pause", NOW, is_over)
        assert page.context["paused"] == 1
        assert "Short break" in page.text


def test_a_pause_is_something_new_for_the_board(client, floor, boss, ana):
    client.force_login(boss)
    with clock.freeze(NOW):
        seen = client.get(BOARD).context["seen"]
        assert client.get(reverse("workorders:floor"), {"seen": seen}).status_code == 204
        pause(ana)
        assert client.get(reverse("workorders:floor"), {"seen": seen}).status_code == 200


def test_the_day_counts_pauses_and_what_of_them_is_work(client, floor, boss, ana):
    pause(ana, "lunch")
    pause(ana, "coaching", at=NOW + 30 * MINUTE)
    services.end_pause(agent=ana, now=NOW + 50 * MINUTE)
    day = pauses_of_day(ana, day=TODAY, now=NOW + 60 * MINUTE)
    assert (len(day.pauses), day.total, day.worked) == (2, 50 * 60, 20 * 60)
    client.force_login(boss)
    with clock.freeze(NOW + 60 * MINUTE):
        page = client.get(reverse("workorders:agent-day", args=[ana.username]), {"day": TODAY.isoformat()})
    assert f"Pauses: {duration(50 * 60)}, of that {duration(20 * 60)} counts as work" in page.text
    client.force_login(ana)
    with clock.freeze(NOW + 60 * MINUTE):
        assert f"Pauses: {duration(50 * 60)}" in client.get(reverse("workorders:mine")).text


def test_reasons_are_changed_by_their_page_only_with_the_permission(client):
    admin = make_user(role="administrator")
    client.force_login(admin)
    page = client.get(reverse("pauses:code-edit", args=["lunch"]))
    assert page.status_code == 200
    row = PauseCode.objects.get(code="lunch")
    seen = Seen(row_values(row, ["minutes"]))
    services.change_pause_code(actor=admin, code="lunch", values={"minutes": 40}, seen=seen)
    assert PauseCode.objects.get(code="lunch").minutes == 40
    assert AuditEntry.objects.filter(action=services.CODE_ACTION).count() == 1
    services.create_pause_code(actor=admin, code="prayer", values={"name": "Prayer", "name_zh": "礼拜"})
    with pytest.raises(Conflict):
        services.create_pause_code(actor=admin, code="prayer", values={"name": "Prayer"})
    with pytest.raises(Refused):
        services.create_pause_code(actor=make_user(role="agent"), code="nap", values={"name": "Nap"})
