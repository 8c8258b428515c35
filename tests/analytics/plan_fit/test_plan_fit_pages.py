"""Plan fit on the 360 page and the call screen: what is said, to whom, in both languages."""

import pytest
from django.urls import reverse

from retention.core import clock
from tests.analytics.plan_fit.operator import MONTHS, make_lines
from tests.factories import NOW, TODAY, grant, make_bill, make_profile, make_subscriber
from tests.workorders.rows import make_hit, open_orders
from workorders.orders.services.claiming import claim_next

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(branches):
    return make_lines(branches.outlet)


def page(client, user, line, language: str = "en") -> str:
    client.force_login(user)
    client.cookies["django_language"] = language
    with clock.freeze(NOW):
        answer = client.get(reverse("customers:detail", args=[line.subscriber_no]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_the_own_months_on_the_present_plan_and_the_best(client, mia, lines):
    make_profile(subscriber=lines.light, risk_probability=0.2)
    make_bill(subscriber=lines.light, month=MONTHS[0], plan_fee="79.00", data="1.25", sms=0)
    text = page(client, mia, lines.light)
    assert "On Tariff M008 the same use costs ¥70.27 a month less." in text
    assert "A month on average left unused: 483 min, 29.2 GB, 99 messages." in text
    for amount in ("¥79.00", "¥10.20", "over-use ¥2.20", "¥8.73", "−¥70.27", "¥80.25"):
        assert amount in text, amount
    assert "12 min<br>300 MB<br>0 messages" in text
    assert "fee ¥79.00" in text
    assert "Left out, because their tariff lacks a price that this use needs: Tariff HOLE (price of a minute" in text
    for never in ("Tariff Y019", "Tariff R009", "Tariff OLD5", "Tariff E049"):
        assert never not in text


def test_a_plan_that_earns_less_than_the_line_is_worth_losing_is_said_to_be_such(client, mia, ana, lines):
    make_profile(subscriber=lines.light, risk_probability=0.9)
    text = page(client, mia, lines.light)
    assert "on this plan the line earns less than it costs to serve" in text
    # 0.45 x 79 = 35.55; less the saving of 70.27
    assert "Margin a month: ¥35.55 now, −¥34.72 on the better plan." in text
    grant(customer=lines.light.account.customer, user=ana)
    said_to_agent = page(client, ana, lines.light)
    assert "on this plan the line earns less than it costs to serve" in said_to_agent
    assert "Margin a month" not in said_to_agent


def test_whether_to_propose_it_follows_from_the_chance_of_leaving(client, mia, lines):
    profile = make_profile(subscriber=lines.firm, risk_probability=0.3)
    assert "and this line has 30%. Below that it earns less" in page(client, mia, lines.firm)
    profile.risk_probability = 0.999
    profile.save()
    assert "Worth proposing: it pays from a churn probability of" in page(client, mia, lines.firm)
    profile.risk_probability = None
    profile.save()
    assert "this line has no score" in page(client, mia, lines.firm)


def test_an_enterprise_line_is_shown_no_consumer_plan(client, mia, lines):
    text = page(client, mia, lines.firm)
    assert "On Tariff E049 the same use costs ¥37.67 a month less." in text
    assert "Tariff M0" not in text


def test_in_chinese(client, mia, lines):
    text = page(client, mia, lines.light, "zh-hans")
    assert "套餐适配" in text
    assert "同样的使用量，换用Tariff M008每月可省¥70.27。" in text
    assert "2026年8月" in text
    assert "请勿主动推荐" in text


def test_a_tariff_with_a_hole_is_said_and_not_compared(client, mia, lines):
    line = lines.heavy
    line.plan = lines.plans["HOLE"]
    line.save()
    text = page(client, mia, line)
    assert "The tariff of the present plan is incomplete, so its months cannot be compared: Tariff HOLE" in text
    assert "price missing" in text
    assert "Worth proposing" not in text


def test_another_branch_sees_nothing_and_a_line_that_left_has_no_panel(client, otto, mia, lines):
    client.force_login(otto)
    assert client.get(reverse("customers:detail", args=[lines.light.subscriber_no])).status_code == 404
    lines.light.status, lines.light.terminated_on = "terminated", TODAY
    lines.light.save()
    assert 'id="plan-fit"' not in page(client, mia, lines.light)
    assert 'id="plan-fit"' in page(client, mia, lines.heavy)


def test_without_any_use_there_is_no_panel(client, mia, branches):
    assert 'id="plan-fit"' not in page(client, mia, make_subscriber(branch=branches.outlet))


def test_the_call_screen_shows_it_too_and_no_other_panel(client, ana, otto, lines):
    make_profile(subscriber=lines.light, risk_probability=0.2)
    (order,) = open_orders(make_hit(subscriber=lines.light))
    claim_next(agent=ana, now=NOW)
    client.force_login(ana)
    with clock.freeze(NOW):
        answer = client.get(reverse("workorders:background", args=[order.order_no]))
    assert "On Tariff M008 the same use costs ¥70.27 a month less." in answer.content.decode()
    assert [card.key for card in answer.context["panels"]] == ["plan-fit"]
    client.force_login(otto)
    with clock.freeze(NOW):
        assert client.get(reverse("workorders:order", args=[order.order_no])).status_code == 404
