"""Circles on pages: who sees which of their lines, in both languages."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from customers.circles.models import Circle
from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.customers.circles.circle_rows import beside, both, call, line, record, sell_bundles
from tests.factories import NOW, grant, make_bill, make_customer, make_user

pytestmark = pytest.mark.django_db
LIST = "/churn/circles/"


@pytest.fixture
def household(branches):
    """Anna and her broadband in the outlet, Ben in the other city; a bundle would save them 21 yuan."""
    plans = sell_bundles()
    anna = line("anna", customer=make_customer(branch=branches.outlet, name="Anna"))
    ben = line("ben", customer=make_customer(branch=branches.other, name="Ben"))
    both(anna, ben)
    call(anna, "rival", 5, network="rival")
    broadband = beside(anna, "", line_type="broadband", plan=plans["B100"], bandwidth_mbps=100)
    for one, total in ((anna, 110), (ben, 60), (broadband, 50)):
        for month in ("2026-08-01", "2026-09-01", "2026-10-01"):
            make_bill(subscriber=one, month=date.fromisoformat(month), total=total)
    record()
    return anna, ben, broadband


def get(client, user, url, language: str = "en"):
    client.force_login(user)
    client.cookies["django_language"] = language
    with clock.freeze(NOW):
        return client.get(url)


def page_of(client, user, one, language: str = "en") -> str:
    answer = get(client, user, reverse("customers:detail", args=[one.subscriber_no]), language)
    assert answer.status_code == 200
    return answer.text


def test_the_page_of_a_line_shows_its_circle_to_who_sees_all_of_it(client, mia, household):
    anna, ben, broadband = household
    text = page_of(client, mia, anna)
    assert "Household of 3 lines, 2 customers" in text
    assert "1 close contact outside, 100% on other networks" in text
    assert "pay ¥160.00 a month together; Bundle 129 costs ¥139.00 for both." in text
    assert "This is the line to speak to about it." in text
    for other in (ben, broadband):
        assert reverse("customers:detail", args=[other.subscriber_no]) in text
    assert reverse("analytics:circle", args=[Circle.objects.get().pk]) in text
    assert "Another line of the circle is the one to speak to about it." in page_of(client, mia, ben)


def test_an_agent_learns_how_many_but_neither_who_they_are_nor_what_they_pay(client, ana, household):
    anna, ben, broadband = household
    grant(customer=ben.account.customer, user=ana)
    text = page_of(client, ana, ben)
    assert "Household of 3 lines, 2 customers" in text
    assert "2 lines that you may not see" in text
    assert "Bundle 129 costs ¥139.00 a month for a mobile and a broadband line." in text
    for secret in (anna.subscriber_no, anna.phone_number, broadband.subscriber_no, "Anna", "160.00", "110.00"):
        assert secret not in text, secret
    assert "/churn/circles/" not in text
    grant(customer=anna.account.customer, user=ana)
    assert anna.subscriber_no in page_of(client, ana, ben)


def test_the_page_of_a_line_that_has_left_counts_those_who_stay(client, ana, household):
    anna, ben, _broadband = household
    ben.status, ben.terminated_on = "terminated", date(2026, 11, 10)
    ben.save()
    record(date(2026, 11, 12))
    grant(customer=ben.account.customer, user=ana)
    text = page_of(client, ana, ben)
    assert "Household of 2 lines, 1 customer" in text
    assert "2 lines that you may not see" in text
    assert "1 line has left in 90 days" in text


def test_a_manager_sees_the_lines_of_his_branches_only(client, branches, household):
    anna, ben, _broadband = household
    here = make_user(role="manager", branch=branches.city)
    circle = Circle.objects.get()
    rows = get(client, here, LIST).context["table"].rows
    assert [(row.record.pk, row.get_cell("lines"), row.get_cell("bundle_saving")) for row in rows] == [
        (circle.pk, "3", "¥21.00")
    ]
    page = get(client, here, f"{LIST}{circle.pk}/")
    assert anna.subscriber_no in page.text
    assert ben.subscriber_no not in page.text
    assert "1 line that you may not see" in page.text
    there = make_user(role="manager", branch=branches.other)
    assert not get(client, there, LIST).context["table"].rows
    assert get(client, there, f"{LIST}{circle.pk}/").status_code == 404


def test_a_manager_who_sees_a_part_is_told_no_amounts_of_the_whole(client, branches, household):
    here = make_user(role="manager", branch=branches.other)
    text = page_of(client, here, household[1])
    assert "160.00" not in text
    assert "2 lines that you may not see" in text


def test_filters_and_the_export_hold_the_same_circles(client, mia, household, branches):
    both(line("x", branch=branches.outlet), line("y", branch=branches.outlet))
    record()
    assert len(get(client, mia, LIST).context["table"].rows) == 2
    for query, many in (("bundle=candidate", 1), ("bundle=neither", 1), ("bundle=bundled", 0), ("left=some", 0),
                        ("kind=household", 2), ("kind=enterprise", 0), ("bundle_reason=no_broadband", 0)):  # fmt: skip
        assert len(get(client, mia, f"{LIST}?{query}").context["table"].rows) == many, query
    answer = get(client, mia, f"{LIST}?bundle=candidate&export=csv")
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert len(list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))) == 2
    assert AuditEntry.objects.filter(action="export", target="circles").count() == 1


def test_agents_and_supervisors_have_no_pages_of_circles(client, ana, sam, household):
    for user in (ana, sam):
        assert get(client, user, LIST).status_code == 403
        assert get(client, user, f"{LIST}{Circle.objects.get().pk}/").status_code == 403


def test_in_chinese(client, mia, household):
    text = page_of(client, mia, household[0], "zh-hans")
    assert "关系圈" in text
    assert "家庭圈：3 个用户，2 个客户" in text
    assert "消费最高的移动用户与宽带每月合计 ¥160.00，办理Bundle 129两项共 ¥139.00。" in text
    listed = get(client, mia, LIST, "zh-hans").text
    assert "融合推荐理由" in listed
    assert "有移动和宽带，未融合" in listed


def test_a_line_without_a_circle_or_whose_customer_opted_out_shows_none(client, mia, household, branches):
    alone = line("alone", branch=branches.outlet)
    assert "Calling circle" not in page_of(client, mia, alone)
    ben = household[1]
    type(ben.account.customer).objects.filter(pk=ben.account.customer_id).update(profiling_opt_out=True)
    assert "Calling circle" not in page_of(client, mia, ben)
