"""The list of lines that left, and the orders opened from it."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analytics.win_back.queries import LeftLines, count_outcomes
from analytics.win_back.rules import BINS_BY_KEY
from campaigns.offers.services.installation import install_offers
from customers.facts.models import Subscriber
from customers.profile.models import LeaverProfile
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.masking import mask_phone
from tests.campaigns.rows import make_leaver
from tests.factories import NOW, TODAY, make_list_entry, make_user
from tests.workorders.rows import make_line
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest
from workorders.orders.states import State

pytestmark = pytest.mark.django_db
PAGE, OPEN = "/churn/win-back/", "/churn/win-back/open-orders/"


@pytest.fixture(autouse=True)
def shipped():
    install_order_types()


def get(client, user, url=PAGE):
    client.force_login(user)
    with clock.freeze(NOW):
        return client.get(url)


def post(client, user, **data):
    client.force_login(user)
    with clock.freeze(NOW):
        return client.post(OPEN, data, follow=True)


def opened(leaver, code="win_back", **given):
    request = OrderRequest(
        subscriber_id=leaver.pk, type=OrderType.objects.current().get(code=code), origin=Origin(OriginKind.WIN_BACK),
        found_on=TODAY, **given,
    )  # fmt: skip
    (result,) = open_orders(requests=[request], on=TODAY, now=NOW)
    return WorkOrder.objects.get(order_no=result.order_no)


def close(order, disposition, *, at=NOW, **answers):
    WorkOrder.objects.filter(pk=order.pk).update(
        state=State.DONE, closed_at=at, disposition=Disposition.objects.get(code=disposition), answers=answers
    )


def test_lines_stand_with_when_why_and_what_they_paid(client, ada):
    make_leaver(left_spend=Decimal("60"), left_reason="voluntary", days_since_left=12)
    first = make_leaver(left_spend=Decimal("90"))
    rows = list(get(client, ada).context["table"].rows)
    assert [row.get_cell("days_since_left") for row in rows] == ["40", "12"]
    assert rows[0].record.subscriber_id == first.pk
    assert (rows[0].get_cell("left_reason"), rows[0].get_cell("left_spend")) == ("Port-out", "¥90.00")
    assert rows[1].get_cell("left_reason") == "Voluntary termination"


def test_filters_and_order_are_those_of_the_address(client, ada):
    soon, late = make_leaver(days_since_left=10), make_leaver(days_since_left=100, left_reason="voluntary")

    def listed(query):
        return [row.record.pk for row in get(client, ada, f"{PAGE}?{query}").context["table"].rows]

    assert listed("since=0-14") == [soon.pk]
    assert listed("reason=voluntary") == [late.pk]
    assert listed("sort=-days_since_left") == [late.pk, soon.pk]
    assert listed("since=91-120&reason=port_out") == []
    assert len(listed("since=nonsense&sort=phone")) == 2


def test_only_ones_own_branches_are_listed(client, branches):
    mel = make_user(role="manager", branch=branches.city)
    mine, other = make_leaver(), make_leaver()
    LeaverProfile.objects.filter(pk=mine.pk).update(branch=branches.outlet)
    LeaverProfile.objects.filter(pk=other.pk).update(branch=branches.other)
    assert [row.record.pk for row in get(client, mel).context["table"].rows] == [mine.pk]


def test_the_gate_says_who_may_be_called_and_why_not(client, ada):
    quiet, free = make_leaver(left_spend=90), make_leaver(left_spend=80)
    make_list_entry(customer=quiet.customer)
    rows = list(get(client, ada).context["table"].rows)
    assert [row.record.pk for row in rows] == [quiet.pk, free.pk]
    assert "Do not disturb" in rows[0].get_cell("next_call")
    assert "Now" in rows[1].get_cell("next_call")


def test_what_the_customer_said_at_the_termination_is_shown_in_words(client, ada):
    leaver = make_leaver()
    close(opened(leaver, "termination_retention"), "refused", main_reason="rival_offer")
    (row,) = get(client, ada).context["table"].rows
    assert row.get_cell("said") == "Offer of a rival"


def test_offers_that_fit_who_left_are_named(client, ada):
    install_offers(on=TODAY)
    make_leaver()
    (row,) = get(client, ada).context["table"].rows
    assert "Welcome back" in row.get_cell("offers")
    assert "Data voucher" not in row.get_cell("offers")


def test_numbers_are_masked_on_the_page_and_in_the_export(client, ada):
    leaver = make_leaver()
    number = leaver.subscriber.phone_number
    assert mask_phone(number) in get(client, ada).text and number not in get(client, ada).text
    file = b"".join(get(client, ada, f"{PAGE}?export=csv").streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(file))
    assert row["Number to call"] == mask_phone(number)
    assert AuditEntry.objects.get(action="export").target == "win-back"


def test_orders_open_for_ticked_lines_through_the_gate(client, ada):
    free, quiet = make_leaver(), make_leaver()
    make_list_entry(customer=quiet.customer)
    asked = post(client, ada, action="open", row=[free.pk, quiet.pk])
    assert "2 lines chosen" in asked.text
    assert [code for code, _title in asked.context["form"].fields["order_type"].choices] == ["win_back"]
    done = post(client, ada, confirmed="1", row=[free.pk, quiet.pk], order_type="win_back")
    assert "1 order opened." in done.text and "1 customer may not be contacted now" in done.text
    order = WorkOrder.objects.get()
    assert (order.type.code, order.subscriber_id, order.source) == ("win_back", free.pk, "win-back")
    assert order.evidence[0]["facts"] == {"days_since_left": 40, "left_reason": "port_out", "left_spend": "80.00"}


def test_all_means_the_lines_that_match_the_filters(client, ada):
    make_leaver(days_since_left=10), make_leaver(days_since_left=100)
    asked = post(client, ada, action="open", all="1", query="since=0-14")
    assert "1 line chosen" in asked.text


def test_lines_in_use_are_not_offered_orders_for_who_has_left(client, ada):
    line = make_line()
    client.force_login(ada)
    asked = client.post(reverse("analytics:open-orders"), {"row": [line.pk]})
    assert "win_back" not in [code for code, _title in asked.context["form"].fields["order_type"].choices]


def test_outcomes_are_counted_by_the_days_between_leaving_and_the_call(ada):
    soon, later, back = make_leaver(days_since_left=10), make_leaver(), make_leaver()
    close(opened(soon), "refused")
    # The call comes 30 days after the order: 40 + 30 days after leaving.
    close(opened(later, facts={"days_since_left": 40}), "accepted", at=NOW + timedelta(days=30))
    # The line is back in use and has left no more; the order still says how long it was gone.
    order = opened(back, facts={"days_since_left": 40})
    close(order, "accepted")
    Subscriber.objects.filter(pk=back.pk).update(status="active", terminated_on=None)
    opened(make_leaver())
    close(opened(make_leaver(), "care"), "accepted")
    counted = count_outcomes(user=ada, now=NOW + timedelta(days=40))
    assert {days.key: found for days, found in counted.items()} == {
        "0-14": (1, 0), "31-60": (1, 1), "61-90": (1, 1)
    }  # fmt: skip
    assert count_outcomes(user=ada, now=NOW + timedelta(days=900)) == {}


def test_outcomes_of_other_branches_are_not_counted(ada, branches):
    close(opened(make_leaver()), "accepted")
    mel = make_user(role="manager", branch=branches.city)
    assert count_outcomes(user=ada, now=NOW + timedelta(days=1))
    assert count_outcomes(user=mel, now=NOW + timedelta(days=1)) == {}


def test_the_page_shows_the_rates_and_how_many_outcomes_are_missing(client, ada):
    close(opened(make_leaver(days_since_left=10)), "accepted", at=NOW - timedelta(hours=1))
    close(opened(make_leaver()), "refused", at=NOW - timedelta(hours=1))
    page = get(client, ada)
    assert "more outcomes are needed" in page.text
    assert page.context["chart"]["x"] == ["0 to 14 days", "31 to 60 days"]
    rates = {row.record.days.key: row.get_cell("orders") for row in page.context["rates"].rows}
    assert rates["0-14"] == "1" and rates["15-30"] == "0"
    assert f"{PAGE}?since=31-60" in page.text


def test_the_number_of_queries_does_not_grow_with_the_lines(ada):
    install_offers(on=TODAY)

    def queries(count):
        for _one in range(count):
            make_leaver()
        left = LeftLines(ada, {}, NOW)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert len(left.lines(0, 50)) == left.count
        return len(caught)

    assert queries(2) == queries(6)


@pytest.mark.parametrize(
    ("order", "index"), [("-left_spend", "leaver_by_spend"), ("days_since_left", "leaver_by_days")]
)
def test_each_order_is_read_from_one_index(ada, order, index):
    make_leaver()
    filters = {"since": BINS_BY_KEY["31-60"], "reason": "port_out"}
    found = LeftLines(ada, filters, NOW, order).profiles().values_list("pk", flat=True)[:100]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    assert f"Index Only Scan using {index}" in found.explain()
