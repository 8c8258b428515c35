import pytest

from customers.imports.rules.choices import choices_from_document, document_from_choices
from customers.imports.services.mappings import parse_toml, write_toml
from customers.imports.services.suggestions import read_sample, suggest_choices, suggest_resource
from customers.ingest.resources import resource_named
from tests.customers.imports.conftest import GOOD, csv_of
from tests.factories import TODAY


def guessed(tmp_path, resource: str, text: str):
    path = tmp_path / "file.csv"
    path.write_text(text)
    seen = read_sample(path)
    return suggest_choices(resource_named(resource), seen, given_day=TODAY), seen


def sources(picks) -> dict[str, str]:
    return {name: pick.source for name, pick in picks.fields.items()}


def test_chinese_headers_and_values_are_understood(tmp_path):
    picks, seen = guessed(tmp_path, "customers", csv_of(*GOOD))
    assert sources(picks) == {
        "customer_no": "客户编号", "kind": "客户类型", "name": "姓名", "gender": "性别", "branch_code": "区域",
        "contact_phone": "联系电话", "joined_on": "入网日期",
    }  # fmt: skip
    assert picks.fields["kind"].values == {"个人": "individual", "政企": "enterprise"}
    assert picks.fields["joined_on"].way == "ymd-slash"
    assert suggest_resource(seen) == "customers"


def test_english_headers_in_many_spellings_are_understood(tmp_path):
    header = "Subscriber ID,MSISDN,Account No.,Service Type,Plan_Code,region,Sales Channel,Activation Date,State"
    row = "S1,13800000001,A1,Mobile,P1,B1,hall,2020-01-31,In use"
    picks, seen = guessed(tmp_path, "subscribers", csv_of(row, header=header))
    assert sources(picks) == {
        "subscriber_no": "Subscriber ID", "phone_number": "MSISDN", "account_no": "Account No.",
        "line_type": "Service Type", "plan_code": "Plan_Code", "branch_code": "region", "channel": "Sales Channel",
        "activated_on": "Activation Date", "status": "State",
    }  # fmt: skip
    assert picks.fields["status"].values == {"In use": "active"}
    assert suggest_resource(seen) == "subscribers"


def test_tenure_in_months_becomes_a_day(tmp_path):
    picks, _ = guessed(tmp_path, "subscribers", csv_of("S1,24", header="用户编号,在网时长"))
    assert (picks.fields["activated_on"].source, picks.fields["activated_on"].way) == ("在网时长", "months-ago")


def test_a_column_of_mobile_numbers_is_known_by_its_values(tmp_path):
    picks, _ = guessed(tmp_path, "subscribers", csv_of("S1,13812345678", header="用户编号,F7"))
    assert picks.fields["phone_number"].source == "F7"


def test_values_that_do_not_fit_speak_against_a_name(tmp_path):
    """Two columns called day: the one that holds days wins."""
    header = "用户编号,日期,统计日期"
    picks, _ = guessed(tmp_path, "usage-days", csv_of("S1,Monday,20260131", header=header))
    assert (picks.fields["day"].source, picks.fields["day"].way) == ("统计日期", "ymd-plain")


def test_a_file_of_something_else_is_no_resource(tmp_path):
    _, seen = guessed(tmp_path, "customers", csv_of("1,2", header="alpha,beta"))
    assert suggest_resource(seen) == ""


@pytest.mark.parametrize("text", ["plain", 'quote " and \\ back', "换行\n和\t制表", "\x7f", "=1+1"])
def test_a_document_survives_toml(text):
    document = {"resource": "customers", "given_day": TODAY, "columns": {"name": {"from": text, "map": {text: text}}}}
    assert parse_toml(write_toml(document)) == document


def test_choices_and_document_say_the_same(tmp_path):
    picks, _ = guessed(tmp_path, "customers", csv_of(*GOOD))
    resource = resource_named("customers")
    assert (
        choices_from_document(resource, parse_toml(write_toml(document_from_choices(resource, picks)))).fields
        == picks.fields
    )


def test_a_document_that_says_more_is_not_shown_as_choices():
    document = {"resource": "customers", "columns": {"name": {"template": "Customer {id}"}}}
    assert choices_from_document(resource_named("customers"), document) is None
