from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.contacts.models import ContactRecord
from customers.facts.models import (
    Attribute,
    Balance,
    Payment,
    PointEntry,
    Product,
    ProductSubscription,
    StatusEvent,
    Terminal,
)
from customers.page360 import panels
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.db import partitioned_tables
from tests.factories import (
    NOW,
    TODAY,
    grant,
    make_account,
    make_bill,
    make_contact,
    make_contract,
    make_custom_field,
    make_customer,
    make_list_entry,
    make_policy,
    make_profile,
    make_risk_score,
    make_subscriber,
    make_ticket,
    make_usage_month,
)
from tests.workorders.rows import make_hit, open_orders


def page(client, line):
    with clock.freeze(NOW):
        return client.get(reverse("customers:detail", args=[line.subscriber_no]))


@pytest.fixture
def line(branches):
    customer = make_customer(
        branch=branches.outlet, name="Wang Fang", tier="gold", contact_phone="10098765432", email="wang@example.com",
        birth_date=date(1990, 11, 21),
    )  # fmt: skip
    line = make_subscriber(branch=branches.outlet, account=make_account(customer=customer), phone_number="10012345678")
    make_profile(subscriber=line, arpu=Decimal("88.00"), bill_change=-0.2, contract_ends_on=TODAY + timedelta(days=30))
    return line


def furnish(line) -> None:
    """Something of everything the page shows."""
    for back in range(4):
        month = date(2026, 10 - back, 1)
        make_usage_month(subscriber=line, month=month)
        make_bill(subscriber=line, month=month, due_on=date(2026, 11 - back, 20), paid_on=date(2026, 11 - back, 25))
    make_risk_score(subscriber=line, probability=0.42)
    make_risk_score(subscriber=line, as_of=TODAY - timedelta(days=30), probability=0.21, tier="medium", reasons=[
        {"factor": "complaints_90d", "contribution": 0.3, "value": 2}])  # fmt: skip
    make_contract(subscriber=line, policy=make_policy(name="Two years"))
    product = Product.objects.create(code="RBT", name="Ringback tone", category="vas", monthly_fee=5)
    ProductSubscription.objects.create(subscription_no="X1", subscriber=line, product=product, starts_on=TODAY)
    Terminal.objects.create(subscriber=line, first_seen_on=TODAY, brand="Acme", model="Acme One", generation="5G")
    PointEntry.objects.create(entry_no="E1", subscriber=line, at=NOW, points=120, reason="consumption")
    make_ticket(subscriber=line, topic="slow_network", satisfaction=4, severity=2)
    StatusEvent.objects.create(event_no="V1", subscriber=line, at=NOW - timedelta(days=2), kind="port_out_inquiry")
    make_contact(subscriber=line, outcome="connected")
    make_list_entry(customer=line.account.customer, channel="sms", reason="asked in writing")
    partitioned_tables.ensure_partitions("customers_balance", [TODAY])
    Balance.objects.create(account=line.account, day=TODAY, balance=Decimal("12.34"), arrears=Decimal("5.00"))
    Attribute.objects.create(subscriber=line, field=make_custom_field(key="vip_desk", name="VIP desk"), value="Room 7")


def test_one_page_tells_everything_there_is(manager, line):
    furnish(line)
    text = page(manager, line).text
    for part in (
        "Wang Fang", "Gold card", "35 years", "100****5432", "w***@example.com", "100****5678",
        "42.0%", "21.0%", "Calls in fell 62%", "Complained 2 times", "30 days", "¥12.34", "owes ¥5.00",
        "Two years", "Ringback tone", "Acme One", "120", "slow network", "Port-out eligibility inquiry", "connected",
        "asked in writing", "VIP desk", "Room 7", "2026-10", "paid 5 days late", "Spoken to recently",
    ):  # fmt: skip
        assert part in text, part
    for hidden in ("10012345678", "10098765432", "wang@example.com"):
        assert hidden not in text


def test_every_view_is_in_the_trail(manager, mia, line):
    page(manager, line)
    entry = AuditEntry.objects.get(action="customer.view")
    assert (entry.actor, entry.target) == (mia, f"subscriber:{line.subscriber_no}")


def test_what_one_may_not_see_is_not_there_and_leaves_no_trace(client, otto, ana, line):
    client.force_login(otto)
    assert page(client, line).status_code == 404
    assert manager_status(client, "S-NOBODY") == 404
    assert not AuditEntry.objects.filter(action="customer.view").exists()
    grant(customer=line.account.customer, user=ana)
    client.force_login(ana)
    assert page(client, line).status_code == 200


def manager_status(client, subscriber_no: str) -> int:
    return client.get(reverse("customers:detail", args=[subscriber_no])).status_code


def test_a_full_page_costs_as_many_queries_however_much_there_is(manager, line):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(manager, line)
        return len(caught)

    furnish(line)
    page(manager, line)
    once = queries()
    for _ in range(5):
        make_ticket(subscriber=line)
        make_contact(subscriber=line, state=ContactRecord.State.REFUSED, reason="blacklisted")
        make_contract(subscriber=line)
        other = make_subscriber(account=line.account, branch=line.branch)
        make_profile(subscriber=other, risk_tier="high")
        make_contact(subscriber=other)
    for back in range(4, 60, 4):
        make_risk_score(subscriber=line, as_of=TODAY - timedelta(days=back))
    assert queries() == once <= 48


def test_an_agent_reads_only_what_he_may_say(client, ana, manager, line, lin):
    make_risk_score(subscriber=line, reasons=[
        {"factor": "port_inquiries_60d", "contribution": 0.9, "value": 2},
        {"factor": "bill_change", "contribution": 0.4, "value": -0.3}])  # fmt: skip
    grant(customer=line.account.customer, user=ana)
    client.force_login(ana)
    assert "porting the number" not in page(client, line).text
    client.force_login(lin)
    text = page(client, line).text
    assert "porting the number" in text
    assert "do not say" in text


def test_a_line_that_has_left_shows_its_history_without_a_profile(manager, branches):
    gone = make_subscriber(
        branch=branches.outlet, status="terminated", terminated_on=TODAY, termination_reason="port_out"
    )
    make_bill(subscriber=gone, month=date(2026, 10, 1))
    answer = page(manager, gone)
    assert answer.status_code == 200
    assert "This line has left" in answer.text
    assert "Port-out" in answer.text


def test_a_new_line_without_a_profile_says_so(manager, branches):
    assert "built in the next nightly run" in page(manager, make_subscriber(branch=branches.outlet)).text


def test_the_days_of_a_contract_are_the_same_in_card_and_reason(manager, line):
    reasons = [{"factor": "contract_days_left", "contribution": 0.4, "value": 3}]
    make_risk_score(subscriber=line, as_of=TODAY - timedelta(days=1), reasons=reasons)
    line.profile.contract_ends_on = TODAY + timedelta(days=2)
    line.profile.save()
    text = page(manager, line).text
    assert ">2 days<" in text.replace("\n", "").replace("  ", "")
    assert "ontract ends in 2 days" in text
    assert "ontract ends in 3 days" not in text


def test_the_change_of_spend_says_what_it_compares(manager, line):
    text = page(manager, line).text
    assert "last month against the three before" in text
    assert "on the last bill" not in text


def test_an_old_profile_is_dated(manager, line):
    line.profile.as_of = TODAY - timedelta(days=9)
    line.profile.save()
    assert "stand as of 11 Nov 2026" in page(manager, line).text


def test_lines_of_the_same_customer_lead_to_each_other_where_both_may_be_seen(manager, line, branches, mia):
    second = make_subscriber(account=line.account, branch=branches.outlet)
    far = make_subscriber(account=line.account, branch=branches.other)
    mia.branch = branches.city
    mia.save()
    text = page(manager, line).text
    assert reverse("customers:detail", args=[second.subscriber_no]) in text
    assert far.subscriber_no not in text


def test_the_number_is_offered_to_those_who_may_see_it(client, mia, lin, line):
    url = reverse("customers:phone", args=[line.subscriber_no])
    client.force_login(mia)
    assert url in page(client, line).text
    client.force_login(lin)
    text = page(client, line).text
    assert url not in text
    assert "Add to a list" not in text


def test_a_prepaid_line_without_bills_shows_what_was_topped_up(manager, branches):
    line = make_subscriber(branch=branches.outlet, account=make_account(pay_mode="prepaid"))
    make_profile(subscriber=line, arpu=Decimal("35.00"), spend_source="topups")
    for number, (days, amount) in enumerate([(20, 30), (21, 20), (60, 55)]):
        paid_at = NOW.replace(hour=1) - timedelta(days=days)
        Payment.objects.create(payment_no=f"M{number}", account=line.account, paid_at=paid_at, amount=amount)

    answer = page(manager, line)

    assert [(row.label, row.amount, row.count) for row in answer.context["topups"]] == [
        ("2026-09", 55, 1),
        ("2026-10", 50, 2),
    ]
    assert 'href="#topups"' in answer.content.decode()
    assert 'id="money"' not in answer.content.decode()


def test_apps_above_add_their_own_cards(manager, line, monkeypatch):
    card = panels.Panel(
        title="Orders of this customer", template="core/jobs/_counts.html", context={"counts": []}, icon="headset"
    )
    monkeypatch.setattr(panels, "_providers", {"orders": lambda request, one: card if one == line else None})
    text = page(manager, line).text
    assert "Orders of this customer" in text
    assert 'href="#orders"' in text


def test_apps_above_add_notices_and_what_stands_above_all_else(manager, line, monkeypatch):
    card = panels.Panel(
        title="Why you are here", template="core/jobs/_counts.html", context={"counts": []}, place="top"
    )
    monkeypatch.setattr(panels, "_providers", {"why": lambda request, one: card})
    monkeypatch.setattr(panels, "_notices", [lambda request, one: [("info", "Until half past two.")]])
    make_risk_score(subscriber=line)
    text = page(manager, line).text
    assert text.index("Until half past two.") < text.index('id="why"') < text.index('id="risk"')
    assert text.count('href="#why"') == 1


def test_orders_and_scenarios_of_the_line_are_on_the_page(manager, line):
    hit = make_hit(subscriber=line)
    (order,) = open_orders(hit)
    text = page(manager, line).text
    assert reverse("workorders:order", args=[order.order_no]) in text
    assert order.type.title in text
    assert hit.scenario.title in text


def test_the_page_speaks_the_language_of_its_reader(manager, line):
    manager.cookies["django_language"] = "zh-hans"
    answer = page(manager, line)
    assert answer.headers["Content-Language"] == "zh-hans"
    assert 'lang="zh-hans"' in answer.text
