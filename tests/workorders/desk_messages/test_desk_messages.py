"""Messages to desks: shown at once, said to be read, only to one's own people."""

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.errors import Invalid, NotFound, Refused
from retention.core.notices.models import Notice
from tests.factories import NOW, make_user
from tests.workorders.rows import MINUTE, make_floor
from workorders.desk_messages.models import Receipt
from workorders.desk_messages.services import read_message, send_message

pytestmark = pytest.mark.django_db
DESK, WRITE = reverse("desk_messages:desk"), reverse("desk_messages:write")


def sent(boss, **given):
    return send_message(actor=boss, text="Please take the queue of faults.", now=NOW, **given)


def test_one_agent_or_a_whole_group_is_written_to(floor, boss):
    team, (ana, ben) = floor
    one, many = sent(boss, agents=[ana]), sent(boss, team=team)
    assert {each.person for each in one.receipts.all()} == {ana}
    assert {each.person for each in many.receipts.all()} == {ana, ben}  # not the sender, who is of the group
    assert Notice.objects.filter(person=ana).count() == 2
    assert "Please take the queue" in Notice.objects.filter(person=ben).get().text


def test_the_desk_shows_it_with_the_next_poll_and_is_quiet_otherwise(client, floor, boss):
    ana, ben = floor[1]
    client.force_login(ana)
    first = client.get(DESK)
    assert first.context["receipts"] == []
    assert client.get(DESK, headers={"X-Seen": first.context["seen"]}).status_code == 204
    row = sent(boss, agents=[ana])
    shown = client.get(DESK, headers={"X-Seen": first.context["seen"]})
    assert "Please take the queue" in shown.text
    assert "autofocus" not in shown.text
    assert client.get(DESK, headers={"X-Seen": shown.context["seen"]}).status_code == 204
    client.force_login(ben)
    assert client.get(DESK).context["receipts"] == []
    assert client.post(reverse("desk_messages:read", args=[row.pk])).status_code == 404


def test_the_desk_itself_asks_for_messages_at_once(client, floor):
    client.force_login(floor[1][0])
    with clock.freeze(NOW):
        page = client.get(reverse("workorders:console")).text
        assert f'<later-part id="desk-messages" data-url="{DESK}">' in page
        assert 'hx-trigger="every 5s"' in client.get(DESK).text


def test_reading_leaves_a_receipt_and_reads_the_notice(client, floor, boss):
    team, (ana, _ben) = floor
    row = sent(boss, team=team)
    client.force_login(ana)
    with clock.freeze(NOW + MINUTE):
        answered = client.post(reverse("desk_messages:read", args=[row.pk]), headers={"HX-Request": "true"})
    assert answered.context["receipts"] == []
    assert Notice.objects.get(person=ana).read_at == NOW + MINUTE
    read_message(pk=row.pk, person=ana, now=NOW + 9 * MINUTE)
    assert Receipt.objects.get(message=row, person=ana).read_at == NOW + MINUTE
    client.force_login(boss)
    (listed,) = [each.record for each in client.get(reverse("desk_messages:messages")).context["table"].rows]
    assert (listed.asked, listed.seen) == (2, 1)
    receipts = client.get(reverse("desk_messages:receipts", args=[row.pk])).context["table"]
    assert {each.record.person: each.record.read_at is not None for each in receipts.rows} == dict(
        zip(floor[1], (True, False), strict=True)
    )


def test_nobody_writes_to_the_agents_of_others(client, floor, boss):
    stranger_team, (stranger,) = make_floor()
    for given in ({"agents": [stranger]}, {"team": stranger_team}):
        with pytest.raises(NotFound):
            sent(boss, **given)
    with pytest.raises(Refused):
        sent(floor[1][0], agents=[floor[1][1]])
    row = sent(boss, agents=[floor[1][0]])
    client.force_login(make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],)))
    assert client.get(reverse("desk_messages:receipts", args=[row.pk])).status_code == 404


def test_what_cannot_be_sent_is_named_and_numbers_are_masked(client, floor, boss):
    ana = floor[1][0]
    for text, field in (("  ", "text"), ("x" * 501, "text")):
        with pytest.raises(Invalid) as caught:
            send_message(actor=boss, text=text, agents=[ana], now=NOW)
        assert caught.value.details[0]["field"] == field
    client.force_login(boss)
    assert client.post(WRITE, {"text": "Hello"}).context["form"].errors["agents"]
    assert client.get(f"{WRITE}?agent={ana.username}").context["form"]["agents"].value() == [ana.username]
    assert client.post(WRITE, {"text": "Ring 13812345678", "agents": [ana.username]}).status_code == 302
    assert Receipt.objects.get(person=ana).message.text == "Ring 138****5678"
