"""A forgotten step is named with its file."""

from dataclasses import replace

import pytest

from customers import checks, fields
from customers.facts.models import Tie
from customers.ingest import resources


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_the_declarations_lack_nothing():
    assert checks.check_fields() == checks.check_resources() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"source": "nowhere"}, "customers.E003"),
        ({"model": True, "theme": None}, "customers.E004"),
    ],
)
def test_a_field_that_lacks_something_is_named(monkeypatch, change, expected):
    wrong = replace(fields.FIELDS["arpu"], key="new_field", **change)
    monkeypatch.setattr(fields.money, "FIELDS", [wrong])
    found = checks.check_fields()
    assert ids(found) == [expected]
    assert "customers/fields/money.py: field new_field" in found[0].msg


def test_a_field_declared_twice_is_named(monkeypatch):
    monkeypatch.setattr(fields.risk, "FIELDS", [*fields.risk.FIELDS, fields.FIELDS["arpu"]])
    assert set(ids(checks.check_fields())) == {"customers.E002"}


def test_a_module_that_is_not_listed_is_named(monkeypatch):
    monkeypatch.setattr(fields, "MODULES", tuple(one for one in fields.MODULES if one is not fields.social))
    monkeypatch.setattr(resources, "MODULES", tuple(one for one in resources.MODULES if one is not resources.ties))
    assert "customers/fields/social.py" in checks.check_fields()[0].msg
    assert "customers/ingest/resources/ties.py" in checks.check_resources()[0].msg


def test_resources_in_the_wrong_order_and_tables_without_one_are_named(monkeypatch):
    turned = dict(reversed([(name, one) for name, one in resources.RESOURCES.items() if one.model is not Tie]))
    monkeypatch.setattr(resources, "RESOURCES", turned)
    found = checks.check_resources()
    assert {"customers.E006", "customers.E007"} == set(ids(found))
    assert "customers/facts/models/social.py: nothing can be loaded into Tie" in found[-1].msg
