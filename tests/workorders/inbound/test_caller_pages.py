"""The pages of a call that comes in: the agent's, the customer's while it is shown, and the supervisors' list."""

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, grant, make_branch, make_team, make_user
from tests.workorders.rows import DAY, HOUR, MINUTE, make_line, make_orders
from workorders.desk_messages.models import Receipt
from workorders.inbound.models import CallerLookup
from workorders.inbound.rules import GRANT_LENGTH, MAX_LOOKUPS_A_DAY
from workorders.inbound.services import look_up_caller
from workorders.orders.models import WorkOrder
from workorders.orders.services.claiming import claim_next

pytestmark = pytest.mark.django_db
LOOK_UP, LIST = reverse("inbound:look-up"), reverse("inbound:lookups")


@pytest.fixture
def ana(client, floor):
    client.force_login(floor[1][0])
    return floor[1][0]


@pytest.fixture
def line(floor):
    return make_line(branch=floor[0].branch)


def page_of(line):
    return reverse("customers:detail", args=[line.subscriber_no])


def ask(client, number, *, at=NOW, **given):
    with clock.freeze(at):
        return client.post(LOOK_UP, {"number": number, "reason": "calls_back", "note": ""} | given)


def get(client, address, at=NOW, **given):
    with clock.freeze(at):
        return client.get(address, given)


def test_the_console_leads_to_the_page_by_link_and_key(client, ana):
    assert f'href="{LOOK_UP}" data-key="g b"' in " ".join(get(client, reverse("workorders:console")).text.split())
    text = get(client, LOOK_UP).text
    assert "A customer calls in" in text and f"20 of {MAX_LOOKUPS_A_DAY} callers" in text


def test_a_hit_leads_to_the_customer_and_says_until_when_and_why(client, ana, line):
    assert ask(client, line.phone_number).url == page_of(line)
    text = get(client, page_of(line), NOW + MINUTE).text
    assert "You see this customer until 10:30 because: Customer calls back" in text
    assert "No order is open for this customer." in text
    assert "Open one below" not in text
    assert line.phone_number not in text
    assert get(client, page_of(line), NOW + GRANT_LENGTH).status_code == 404


def test_words_of_an_agent_are_text_on_the_page(client, ana, line):
    ask(client, line.phone_number, reason="other", note="<b>lost phone</b> 13812345678")
    text = get(client, page_of(line)).text
    assert "because: &lt;b&gt;lost phone&lt;/b&gt; 138****5678" in text


def test_misses_answer_alike_and_count(client, ana):
    foreign = make_line(branch=make_branch())
    pages = [ask(client, number) for number in (foreign.phone_number, "10099999999")]
    for page in pages:
        assert page.status_code == 422
        assert page.context["form"].errors["number"] == ["No line of your branch has exactly this number."]
    assert [page.context["left"] for page in pages] == [19, 18]


def test_what_is_wrong_stands_at_its_field_and_the_limit_above(client, ana, line):
    page = ask(client, "", reason="other")
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"number", "note"})
    assert ask(client, line.phone_number, reason="curious").context["form"].errors["reason"]
    CallerLookup.objects.bulk_create(
        CallerLookup(agent=ana, at=NOW, asked="1**", reason="complaint") for _use in range(MAX_LOOKUPS_A_DAY)
    )
    page = ask(client, line.phone_number)
    assert page.status_code == 403
    assert "You have looked up 20 callers today" in page.text


def test_the_notice_ends_with_an_order_of_ones_own(client, ana, line):
    ask(client, line.phone_number)
    grant(customer=line.account.customer, user=ana)
    assert "You see this customer until" not in get(client, page_of(line)).text


def test_an_order_in_the_own_queue_is_taken_from_the_page(client, ana, floor):
    (order,) = make_orders(1, team=floor[0])
    ask(client, order.subscriber.phone_number)
    text, take = get(client, page_of(order.subscriber)).text, reverse("inbound:take", args=[order.order_no])
    assert f"This order waits in the queue of {floor[0].title}." in text
    assert f'action="{take}"' in text
    with clock.freeze(NOW):
        assert client.post(take).url == reverse("workorders:order", args=[order.order_no])
        again = client.post(take)
    assert again.url == page_of(order.subscriber)
    text = get(client, page_of(order.subscriber)).text
    assert "This order is yours." in text


def test_why_an_order_cannot_be_taken_is_said(client, ana, floor):
    waiting, held = make_orders(2, team=floor[0])
    held = claim_next(agent=ana, now=NOW)
    other = waiting if held != waiting else WorkOrder.objects.exclude(pk=held.pk).get()
    ask(client, other.subscriber.phone_number)
    with clock.freeze(NOW):
        page = client.post(reverse("inbound:take", args=[other.order_no]), follow=True)
    assert page.redirect_chain[-1][0] == page_of(other.subscriber)
    assert "Finish the order on your desk first." in page.text


def test_whoever_has_the_order_is_named_and_written_to(client, ana, floor, order):
    ben = floor[1][1]
    client.force_login(ben)
    ask(client, order.subscriber.phone_number)
    text, write = get(client, page_of(order.subscriber)).text, reverse("inbound:write", args=[order.order_no])
    assert f"{ana.display_name} has this order." in text
    assert reverse("inbound:take", args=[order.order_no]) not in text
    with clock.freeze(NOW):
        assert "The message is on the desks." in client.post(write, {"text": "Asks for you."}, follow=True).text
        assert "at most 400 characters" in client.post(write, {"text": "x" * 401}, follow=True).text
        assert "Write 1 to 484 characters." in client.post(write, {"text": " "}, follow=True).text
    assert Receipt.objects.get().person == ana


def test_a_supervisor_is_led_to_the_order_types(client, boss, order):
    line = make_line(branch=order.branch)
    client.force_login(boss)
    ask(client, line.phone_number)
    text = get(client, page_of(line)).text
    assert 'href="#orders"' in text
    assert reverse("workorders:open-for-line", args=[line.subscriber_no]) in text


def test_others_read_nothing_of_a_look_up_on_the_customers_page(client, ana, floor, line):
    ask(client, line.phone_number)
    client.force_login(make_user(role="manager", branch=floor[0].branch))
    text = get(client, page_of(line)).text
    assert "You see this customer" not in text and 'id="caller"' not in text


def test_all_of_it_speaks_chinese(client, ana, boss, line):
    client.cookies["django_language"] = "zh-hans"
    assert "客户来电" in get(client, LOOK_UP).text
    assert "您所在机构没有与此号码完全一致的用户。" in ask(client, "10099999999").text
    ask(client, line.phone_number)
    text = get(client, page_of(line)).text
    assert "您可查看该客户至10:30，原因：客户回电" in text
    assert "该客户没有未完成的工单。" in text
    client.force_login(boss)
    text = get(client, LIST).text
    assert "来电查询记录" in text and "未找到" in text and "可查看至" in text


@pytest.fixture
def uses(floor, line):
    """Two of the first agent today, one of the second yesterday."""
    ana, ben = floor[1]
    found = look_up_caller(agent=ana, number=line.phone_number, reason="complaint", now=NOW)
    missed = look_up_caller(agent=ana, number="10099999999", reason="other", note="Wrong card", now=NOW + MINUTE)
    earlier = look_up_caller(agent=ben, number=line.phone_number, reason="transferred", now=NOW - DAY)
    return found, missed, earlier


def rows(client, person, at=NOW + 2 * MINUTE, **given):
    client.force_login(person)
    return [row.record for row in get(client, LIST, at, **given).context["table"].paginated_rows]


def test_the_list_says_who_asked_for_whom_and_why(client, boss, line, uses):
    found, missed, earlier = uses
    assert rows(client, boss) == [missed, found, earlier]
    text = get(client, LIST, NOW + 2 * MINUTE).text
    for words in ("Wrong card", "Complaint", "Transferred call", "Not found", "100****9999", line.subscriber_no):
        assert words in text
    assert line.phone_number not in text
    assert LIST in get(client, reverse("workorders:supervise")).text


def test_the_customer_is_a_link_as_long_as_the_supervisor_may_follow_it(client, boss, line, uses):
    client.force_login(boss)
    assert page_of(line) in get(client, LIST, NOW + 2 * MINUTE).text
    assert get(client, page_of(line), NOW + 2 * MINUTE).status_code == 200
    assert page_of(line) not in get(client, LIST, NOW + HOUR).text


@pytest.mark.parametrize(
    ("given", "places"),
    [
        ({"reason": "other"}, [1]),
        ({"found": "yes"}, [0, 2]),
        ({"found": "no"}, [1]),
        ({"after": "2026-11-20"}, [1, 0]),
        ({"before": "2026-11-19"}, [2]),
        ({"agent": "{ben}"}, [2]),
        ({"team": "{team}"}, [1, 0, 2]),
        ({"found": "perhaps"}, [1, 0, 2]),
    ],
)
def test_filters_of_the_list(client, boss, floor, uses, given, places):
    names = {"ben": floor[1][1].username, "team": floor[0].code}
    asked = {key: value.format(**names) for key, value in given.items()}
    assert sorted(one.pk for one in rows(client, boss, **asked)) == sorted(uses[place].pk for place in places)


@pytest.mark.parametrize("order", ["at", "-at", "agent", "-agent", "why", "line", "-until"])
def test_the_list_is_ordered_by_its_columns(client, boss, uses, order):
    assert len(rows(client, boss, sort=order)) == 3


def test_the_list_ends_at_the_branch(client, floor, uses):
    team = make_team(branch=make_branch())
    assert rows(client, make_user(role="supervisor", branch=team.branch, teams=(team,))) == []
    assert rows(client, make_user(role="manager", branch=team.branch)) == []
    assert len(rows(client, make_user(role="manager", branch=floor[0].branch))) == 3
    assert len(rows(client, make_user(role="administrator"))) == 3


def test_the_export_hides_the_numbers_and_leaves_its_trace(client, boss, line, uses):
    client.force_login(boss)
    answer = get(client, LIST, NOW + 2 * MINUTE, export="csv", found="yes")
    head, *lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head == "Time,Agent,Number,Line,Reason,Result,Shown until"
    assert len(lines) == 2
    assert line.subscriber_no in lines[0] and "Found" in lines[0] and line.phone_number not in "".join(lines)
    assert AuditEntry.objects.get(action="export", target="callers").detail["rows"] == 2


def test_pages_take_the_same_queries_for_more_rows(client, boss, floor, ana, line, django_assert_max_num_queries):
    ask(client, line.phone_number)
    get(client, page_of(line))
    with clock.freeze(NOW), django_assert_max_num_queries(14):
        client.get(LOOK_UP)
    for place in range(15):
        ask(client, f"1000000{place:04d}")
    client.force_login(boss)
    get(client, LIST)
    with clock.freeze(NOW + MINUTE), django_assert_max_num_queries(16):
        page = client.get(LIST)
    assert len(page.context["table"].rows) == 16
