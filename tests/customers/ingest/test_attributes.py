"""An operator's own fields: declared once, values checked by their type; --declare guesses the types."""

import pytest

from customers.facts.models import Attribute, CustomField, Subscriber
from customers.ingest.resources.attributes import custom_field_key
from customers.ingest.services.files import load_file
from retention.core.errors import Invalid
from tests.customers.ingest.rows import NOW, send

pytestmark = pytest.mark.django_db


def attribute(name: str, value: str, number: int = 1) -> dict:
    return {"subscriber_no": f"S{number}", "name": name, "value": value}


def stored() -> dict[str, str]:
    return dict(Attribute.objects.values_list("field__key", "value"))


@pytest.fixture
def fields(operator: None) -> None:
    for kind in CustomField.Kind:
        CustomField.objects.create(key=f"my_{kind}", kind=kind, name=kind)


def test_values_are_kept_in_the_spelling_of_their_type(fields: None) -> None:
    rows = [
        attribute("my_number", "1.50"),
        attribute("my_flag", "Yes"),
        attribute("my_date", "2026-01-31"),
        attribute("My Text", "Abc"),
    ]
    assert send("attributes", rows).applied == 4
    assert stored() == {"my_number": "1.50", "my_flag": "true", "my_date": "2026-01-31", "my_text": "Abc"}
    assert send("attributes", rows).unchanged == 4


def test_an_undeclared_name_and_a_value_of_another_type_are_rejected(fields: None) -> None:
    result = send(
        "attributes", [attribute("nobody_knows", "1"), attribute("my_number", "many"), attribute("my_flag", "1")]
    )
    assert [(e["row"], e["field"], e["code"]) for e in result.errors] == [
        (1, "name", "unknown_attribute"),
        (2, "value", "wrong_attribute_type"),
    ]
    assert result.errors[0]["message"] == "Row 1: 'nobody_knows' is not a declared custom field."
    assert stored() == {"my_flag": "true"}


def test_two_spellings_of_one_name_are_one_key(fields: None) -> None:
    result = send("attributes", [attribute("my_text", "a"), attribute("My Text", "b")])
    assert (result.applied, [e["code"] for e in result.errors]) == (1, ["duplicate_key"])


def test_a_blank_value_takes_the_old_one_away(fields: None) -> None:
    send("attributes", [attribute("my_flag", "yes")])
    send("attributes", [attribute("my_flag", "")])
    assert stored() == {"my_flag": ""}


@pytest.mark.parametrize(
    ("name", "key"),
    [("Tech Support", "tech_support"), ("techSupport", "tech_support"), ("SIM-Type", "sim_type"), ("  a  ", "a")],
)
def test_keys_of_names(name: str, key: str) -> None:
    assert custom_field_key(name) == key


def test_keys_of_names_without_latin_letters_are_stable_and_differ(db: None) -> None:
    assert custom_field_key("渠道") == custom_field_key("渠道") != custom_field_key("品牌")


def test_declare_guesses_types_from_the_whole_file(operator: None, tmp_path: object) -> None:
    columns = {
        "Tenure Score": ["1", "0", "2.5"],
        "Small": ["0", "1", "0"],
        "Paperless": ["Yes", "No", ""],
        "Joined": ["2026-01-31", "2025-02-28", ""],
        "Mixed": ["1", "2", "three"],
        "Empty": ["", "", ""],
    }
    lines = [f"S{n + 1},{name},{values[n]}" for n in range(3) for name, values in columns.items()]
    file = tmp_path / "a.csv"
    file.write_text("\n".join(["subscriber_no,name,value", *lines]))
    assert load_file("attributes", file, now=NOW).rejected == 18
    result = load_file("attributes", file, declare=True, now=NOW)
    assert (result.applied, result.rejected) == (18, 0)
    assert dict(CustomField.objects.values_list("key", "kind")) == {
        "tenure_score": "number",
        "small": "number",
        "paperless": "flag",
        "joined": "date",
        "mixed": "text",
        "empty": "text",
    }
    assert CustomField.objects.get(key="tenure_score").name == "Tenure Score"
    assert Attribute.objects.filter(subscriber=Subscriber.objects.get(subscriber_no="S1")).count() == 6


def test_declare_is_for_attributes_only(operator: None, tmp_path: object) -> None:
    file = tmp_path / "b.csv"
    file.write_text("subscriber_no,month,plan_fee,total\n")
    with pytest.raises(Invalid, match="--declare is for the resource 'attributes'"):
        load_file("bills", file, declare=True, now=NOW)
