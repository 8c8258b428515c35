"""What was stored before the words were checked is put right by the migrations."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from customers.facts.models import Consent, Customer, Subscriber
from retention.core.identifiers import canonical_phone
from tests.core.test_identifiers import FIXED, MOBILE, NOT_PHONES, OTHERS
from tests.factories import NOW, make_customer, make_subscriber

pytestmark = pytest.mark.django_db
words = import_module("customers.migrations.0019_consent_words")
phones = import_module("customers.migrations.0020_phone_writing")


def migrate(step) -> None:
    with connection.schema_editor(atomic=False) as editor:
        step(apps, editor)


def consent(line: Subscriber, purpose: str, channel: str, *, granted: bool, days: int = 0) -> None:
    Consent.objects.create(
        subscriber=line, purpose=purpose, channel=channel, granted=granted, at=NOW.replace(day=1 + days), source="test"
    )


def stored(line: Subscriber) -> set[tuple[str, str, bool]]:
    return set(Consent.objects.filter(subscriber=line).values_list("purpose", "channel", "granted"))


def test_known_spellings_become_the_words_and_the_later_of_two_stands():
    line, other = make_subscriber(), make_subscriber()
    consent(line, "marketing", "call", granted=True)
    consent(line, "营销", "电话", granted=False, days=1)
    consent(line, "Marketing", "SMS", granted=True)
    consent(other, "marketing", "call", granted=True)
    migrate(words.correct_words)
    assert stored(line) == {("marketing", "call", False), ("marketing", "sms", True)}
    assert stored(other) == {("marketing", "call", True)}


def test_a_refusal_in_unknown_words_stops_every_contact_and_a_grant_allows_none():
    line = make_subscriber()
    consent(line, "marketing", "pigeon", granted=False)
    consent(line, "lottery", "sms", granted=True)
    migrate(words.correct_words)
    assert stored(line) == {("marketing", "any", False), ("lottery", "sms", True)}


def test_phone_numbers_are_written_as_new_ones_are(monkeypatch):
    monkeypatch.setattr(phones, "IDS_AT_ONCE", 3)
    written = [*MOBILE, *FIXED, *OTHERS]
    lines = [make_subscriber(phone_number=text.strip()) for text in written]
    ruined = [make_subscriber(phone_number=text) for text in NOT_PHONES]
    contact = make_customer(contact_phone="+86 100-1234-5678")
    migrate(phones.rewrite)
    kept = Subscriber.objects.in_bulk()
    assert [kept[line.pk].phone_number for line in lines] == [canonical_phone(text) for text in written]
    assert [kept[line.pk].phone_number for line in ruined] == NOT_PHONES
    assert Customer.objects.get(pk=contact.pk).contact_phone == "10012345678"
