"""Keys and phone numbers are one, however they are written; what has lost digits is refused by name."""

from pathlib import Path

import pytest

from customers.facts.models import Customer, Payment, Subscriber
from customers.ingest.models import QuarantinedRow
from customers.ingest.services.files import load_file
from retention.core.accounts.roles import Role
from tests.customers.ingest.rows import NOW, customer, send, subscriber
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PHONES = ["1.0012E+10", "10012345678.0", "abc", "１００１２３４５６７８", "+86 100-1234-5678", "1", "100\u200b12345678"]


def payment(number: str, account: str = "A1") -> dict:
    return {"payment_no": number, "account_no": account, "paid_at": "2026-10-01T09:30:00+08:00", "amount": "5"}


def test_ruined_phone_numbers_are_refused_and_the_others_are_one(operator: None, tmp_path: Path) -> None:
    rows = [subscriber(number, account_no="A1", phone_number=phone) for number, phone in enumerate(PHONES, start=11)]
    file = tmp_path / "lines.csv"
    file.write_text("\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)]), encoding="utf-8")
    result = load_file("subscribers", file, now=NOW)
    assert [(error["row"], error["field"], error["code"]) for error in result.errors] == [
        (1, "phone_number", "lost_digits"), (3, "phone_number", "not_a_phone"), (6, "phone_number", "not_a_phone"),
    ]  # fmt: skip
    assert result.errors[0]["message"] == (
        "Row 1: phone_number is '1.0012E+10', a number whose last digits a spreadsheet has dropped."
    )
    found = Subscriber.objects.filter(phone_number="10012345678").values_list("subscriber_no", flat=True)
    assert set(found) == {"S12", "S14", "S15", "S17"}


@pytest.mark.parametrize(
    "written",
    [
        "10012345678",
        "+86 10012345678",
        "0086-100-1234-5678",
        "8610012345678",
        "100 1234 5678",
        "１００１２３４５６７８",
        "\ufeff10012345678",
    ],
)
def test_one_number_is_found_however_it_is_written(operator: None, written: str) -> None:
    send("subscribers", [subscriber(1, phone_number="+86 100-1234-5678")])
    seen = Subscriber.objects.visible_to(make_user(role=Role.ADMINISTRATOR))
    assert [line.subscriber_no for line in seen.search(written)] == ["S1"]
    assert [line.subscriber_no for line in seen.numbered(written)] == ["S1"]


def test_a_key_is_found_in_full_width_signs_and_with_signs_that_cannot_be_seen(operator: None) -> None:
    seen = Subscriber.objects.visible_to(make_user(role=Role.ADMINISTRATOR))
    assert [line.subscriber_no for line in seen.numbered("\u200bＳ２\u3000")] == ["S2"]


@pytest.mark.parametrize("written", ["S1\u200b", "\ufeffS1", "Ｓ１", "\u00a0S1\u3000", "S\u00ad1"])
def test_a_key_with_invisible_or_full_width_signs_is_the_plain_one(operator: None, written: str) -> None:
    result = send("subscribers", [subscriber(1, subscriber_no=written, channel="app")])
    assert (result.applied, Subscriber.objects.count()) == (1, 3)
    assert Subscriber.objects.get(subscriber_no="S1").channel == "app"


def test_a_reference_is_folded_too(operator: None) -> None:
    assert send("payments", [payment("Z\u200b1", "Ａ１")]).applied == 1
    assert Payment.objects.get().payment_no == "Z1"


def test_rows_whose_keys_only_look_different_are_one_key(operator: None) -> None:
    result = send("customers", [customer(7), customer(7, customer_no="C\u200b7", name="Eve")])
    assert [(error["row"], error["code"]) for error in result.errors] == [(2, "duplicate_key")]


@pytest.mark.parametrize(("key", "code"), [("1.0012E+15", "lost_digits"), ("Z\x071", "hidden_character")])
def test_a_ruined_key_is_refused_by_name(operator: None, key: str, code: str) -> None:
    result = send("payments", [payment(key)])
    assert [(error["field"], error["code"]) for error in result.errors] == [("payment_no", code)]


def test_a_broadband_line_may_have_the_name_of_its_access_and_a_mobile_line_not(operator: None) -> None:
    name = {"phone_number": "KD-05718812"}
    result = send("subscribers", [subscriber(1, line_type="broadband", **name), subscriber(2, **name)])
    assert (result.applied, [(error["row"], error["code"]) for error in result.errors]) == (1, [(2, "not_a_phone")])


def test_a_contact_phone_is_kept_the_same_way_and_may_be_blank(operator: None) -> None:
    rows = [
        customer(1, contact_phone="0086 571 8812 3456"),
        customer(2, contact_phone=""),
        customer(3, contact_phone="none"),
    ]
    assert [error["row"] for error in send("customers", rows).errors] == [3]
    kept = dict(Customer.objects.values_list("customer_no", "contact_phone"))
    assert kept == {"C1": "057188123456", "C2": "", "C3": ""}


def test_a_row_that_waits_for_a_key_in_full_width_lands_with_it(operator: None) -> None:
    send("payments", [payment("Z1", "Ａ９\u200b")])
    assert QuarantinedRow.objects.get().waits_key == "A9"
    send("accounts", [{"account_no": "A9", "customer_no": "C1", "pay_mode": "prepaid"}])
    assert Payment.objects.count() == 1
