"""Credit on the 360 page: each point with what it stands on, or why there is no score."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.credit.models import CreditChange
from customers.facts.models import Subscriber
from customers.page360.queries import credit_of
from customers.page360.views import visible_line
from customers.profile.services import build_profile
from retention.core import clock
from tests import factories as make
from tests.customers.credit.accounts import AS_OF, YEAR, ago, balance, bill, complain, prepaid_line, stop, top_up

pytestmark = pytest.mark.django_db


def page(client, line):
    with clock.freeze(make.NOW):
        return client.get(reverse("customers:detail", args=[line.subscriber_no]))


@pytest.fixture
def line(branches) -> Subscriber:
    """66 points, as in test_credit_points."""
    found = make.make_subscriber(branch=branches.outlet, activated_on=date(2024, 11, 15))
    bill(found, YEAR[:9], late_by=-10)
    bill(found, YEAR[9:], late_by=4)
    stop(found, 200)
    complain(found, 100)
    return found


def test_every_point_is_there_with_what_it_stands_on_and_they_add_up(manager, line):
    build_profile(as_of=AS_OF)

    answer = page(manager, line)

    credit = answer.context["credit"]
    *factors, total = [(str(row["factor"]), row["value"], row["points"], row["most"]) for row in credit.rows]
    assert factors == [
        ("Bills paid late, twelve months", "3 of 12 bills (25%)", 20, 40),
        ("Owed now, in months of usual spend", "nothing owed", 25, 25),
        ("Stops for arrears, twelve months", "1", 8, 15),
        ("Complaints, twelve months", "1", 5, 8),
        ("Months with us", "24 months", 8, 12),
    ]
    assert total == ("Credit score", "", 66, 100)
    assert (sum(row[2] for row in factors), sum(row[3] for row in factors)) == (66, 100)
    assert (credit.score, credit.badge[0], credit.why) == (66, "Fair", "")
    for part in ("66 of 100", "3 of 12 bills (25%)", 'id="credit"', 'href="#credit"', "up to 25%: 20", "Good 70–84"):
        assert part in answer.text, part


def test_a_debt_and_complaints_of_many_lines_are_told_with_their_measure(manager, branches):
    account = make.make_account(customer=make.make_customer(branch=branches.outlet))
    lines = [
        make.make_subscriber(account=account, branch=branches.outlet, activated_on=date(2024, 1, 1)) for _ in range(15)
    ]
    bill(lines[0], YEAR[2:6])
    bill(lines[0], YEAR[1:2], late_by=None, total=90)
    complain(lines[0], *range(1, 7))
    build_profile(as_of=AS_OF)

    rows = page(manager, lines[0]).context["credit"].rows

    # 330 yuan of five months are 66 a month, of which 90 are 1.36.
    assert [row["value"] for row in rows[1:4]] == [
        "¥90.00, 1.36 months of ¥66.00",
        "0",
        "6 on 15 lines: 3 for every ten",
    ]


def test_a_prepaid_account_shows_its_longest_time_without_a_top_up(manager, branches):
    line = prepaid_line(branch=branches.outlet, activated_on=date(2021, 11, 15))
    top_up(line, [date(2026, month, 15) for month in (5, 8, 11)], 120)
    top_up(prepaid_line(), [date(2026, month, 1) for month in (5, 6, 7, 8, 9, 10)])
    balance(line, ago(1), 30)
    build_profile(as_of=AS_OF)

    credit = page(manager, line).context["credit"]

    assert [(row["value"], row["points"]) for row in credit.rows[:2]] == [("92 days", 32), ("nothing owed", 25)]
    assert credit.card[0]["bands"][1] == ("up to 93 days", 32)


def test_a_new_account_says_that_there_is_not_enough_history(manager, branches):
    line = make.make_subscriber(branch=branches.outlet, activated_on=ago(20))
    build_profile(as_of=AS_OF)

    answer = page(manager, line)

    assert "Not enough history: in use for less than 90 days." in answer.text
    assert (answer.context["credit"].score, answer.context["credit_table"]) == (None, None)
    assert "of 100" not in answer.text


def test_before_the_first_night_there_is_no_panel(manager, line):
    answer = page(manager, line)
    assert answer.context["credit"] is None
    assert 'id="credit"' not in answer.text


def test_of_who_opts_out_nothing_is_shown_from_the_same_moment(manager, line):
    build_profile(as_of=AS_OF)
    customer = line.account.customer
    customer.profiling_opt_out = True
    customer.save()

    answer = page(manager, line)

    assert "The customer has opted out of profiling." in answer.text
    assert "66 of 100" not in answer.text
    assert (answer.context["credit_table"], answer.context["credit_changes"]) == (None, None)


def test_what_it_was_says_which_points_moved(manager, line):
    build_profile(as_of=AS_OF)
    make.make_event(subscriber=line, kind="stop", reason="arrears", at="2026-11-16T10:00:00+08:00")
    build_profile(as_of=AS_OF + timedelta(days=1))

    changes = page(manager, line).context["credit"].changes

    assert [(row["as_of"], row["score"], row["level"][0], row["moves"]) for row in changes] == [
        (AS_OF + timedelta(days=1), 61, "Fair", "Stops for arrears, twelve months \N{MINUS SIGN}5"),
        (AS_OF, 66, "Fair", ""),
    ]


def test_a_closed_account_shows_what_it_was_and_no_score_of_now(manager, line):
    make.make_subscriber()
    build_profile(as_of=AS_OF)
    gone_on = AS_OF + timedelta(days=1)
    Subscriber.objects.filter(pk=line.pk).update(status="terminated", terminated_on=gone_on)
    build_profile(as_of=gone_on)

    answer = page(manager, line)

    assert "The account is closed: none of its lines is in use." in answer.text
    credit = answer.context["credit"]
    assert (credit.score, list(credit.rows)) == (None, [])
    assert [row["score"] for row in credit.changes] == [None, 66]


def test_the_panel_costs_one_query_however_often_the_credit_changed(manager, line):
    build_profile(as_of=AS_OF)
    user = make.make_user(role="administrator")
    for back in range(1, 12):
        CreditChange.objects.create(
            account=line.account,
            as_of=ago(back),
            card="postpaid",
            score=50 + back,
            level="fair",
            points={"stops": back},
        )
    shown = visible_line(user, line.subscriber_no)
    with CaptureQueriesContext(connection) as caught:
        credit = credit_of(shown)
    assert len(caught) == 1
    assert credit and len(credit.changes) == 6
    assert credit.changes[-1]["moves"]


def test_the_panel_is_chinese_for_who_reads_chinese(manager, line):
    build_profile(as_of=AS_OF)
    manager.cookies["django_language"] = "zh-hans"
    text = page(manager, line).text
    for part in (
        "信用度",
        "12 张账单中 3 张逾期",
        "近12个月欠费停机次数",
        "一般",
        "66 分",
        "评分标准",
        "24 个月",
        "无欠费",
    ):
        assert part in text, part


def test_who_may_not_see_the_line_sees_no_credit(client, ana, otto, line):
    build_profile(as_of=AS_OF)
    client.force_login(otto)
    assert page(client, line).status_code == 404
    make.grant(customer=line.account.customer, user=ana)
    client.force_login(ana)
    assert "66 of 100" in page(client, line).text
