import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from customers.facts.models import Consent, Customer
from customers.lists.models import ListEntry
from customers.suppressions.queries import suppressions
from customers.suppressions.services import Applied, apply_suppressions
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.restores.models import KnownCluster
from retention.core.restores.queries import is_restored
from tests.core.webhooks.hooks import make_api_client, make_hook
from tests.factories import NOW, TODAY, make_customer, make_list_entry, make_profile, make_subscriber, make_user

HOUR = timedelta(hours=1)


@pytest.fixture
def restored(db):
    KnownCluster.objects.update_or_create(id=1, defaults={"identity": "1:00000001", "known_since": NOW})


@pytest.fixture
def line(restored):
    line = make_subscriber()
    make_profile(subscriber=line, do_not_disturb=False, profiling_opt_out=False)
    return line


def withdraw(line, *, at=NOW, granted=False) -> Consent:
    return Consent.objects.create(
        subscriber=line, purpose="retention", channel="call", granted=granted, at=at, source="web"
    )


def exported() -> list[str]:
    return list(suppressions(today=TODAY))


def apply(*rows: str | dict, **given) -> Applied:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return apply_suppressions(lines=lines, now=NOW, **given)


def landed(found: Applied) -> dict[str, int]:
    return {kind: count for kind, count in found.applied.items() if count}


def test_what_was_lost_since_the_restored_moment_is_there_again(line):
    customer = line.account.customer
    Customer.objects.filter(pk=customer.pk).update(profiling_opt_out=True, source_version=7)
    withdraw(line)
    mia = make_user()
    make_list_entry(customer=customer, kind=ListEntry.Kind.DO_NOT_DISTURB, starts_on=TODAY, created_by=mia)
    left = make_user(is_active=False)
    client = make_api_client(revoked_at=NOW)
    hook = make_hook(active=False, client=client)
    rows = exported()
    assert len(rows) == 6

    Customer.objects.update(profiling_opt_out=False, source_version=5)
    Consent.objects.all().delete()
    ListEntry.objects.all().delete()
    User.objects.update(is_active=True)
    type(client).objects.update(revoked_at=None)
    type(hook.webhook).objects.update(active=True)

    found = apply(*rows)
    assert landed(found) == {"opt_out": 1, "consent": 1, "list": 1, "staff": 1, "api_client": 1, "webhook": 1}
    assert found.rejected == 0
    assert not is_restored()
    customer.refresh_from_db()
    assert (customer.profiling_opt_out, customer.source_version) == (True, 7)
    assert (Consent.objects.get().granted, Consent.objects.get().at) == (False, NOW)
    entry = ListEntry.objects.get()
    assert (entry.customer, entry.kind, entry.starts_on, entry.created_by) == (customer, "do_not_disturb", TODAY, mia)
    line.profile.refresh_from_db()
    assert (line.profile.do_not_disturb, line.profile.profiling_opt_out) == (True, True)
    assert not User.objects.get(pk=left.pk).is_active
    assert User.objects.get(pk=mia.pk).is_active
    client.refresh_from_db()
    assert client.revoked_at == NOW

    assert landed(apply(*rows)) == {}
    assert exported() == rows


def test_an_older_withdrawal_does_not_replace_a_newer_consent(line):
    withdraw(line, at=NOW - HOUR)
    rows = exported()
    Consent.objects.update(granted=True, at=NOW)
    assert landed(apply(*rows)) == {}
    assert Consent.objects.get().granted
    Consent.objects.update(granted=True, at=NOW - 2 * HOUR)
    assert landed(apply(*rows)) == {"consent": 1}
    assert not Consent.objects.get().granted


@pytest.mark.parametrize(
    ("stored", "sent", "opted_out"), [(8, 7, False), (7, 7, True), (None, 7, True), (8, None, True)]
)
def test_an_opt_out_older_than_what_billing_has_sent_since_changes_nothing(line, stored, sent, opted_out):
    Customer.objects.update(source_version=stored)
    apply({"kind": "opt_out", "customer_no": line.account.customer.customer_no, "version": sent})
    assert Customer.objects.get().profiling_opt_out is opted_out


def test_an_entry_that_has_ended_or_not_begun_leaves_the_profile_alone(line):
    entry = {
        "kind": "list", "list": "do_not_disturb", "customer_no": line.account.customer.customer_no, "channel": "any",
        "starts_on": str(TODAY + timedelta(days=1)), "reason": "from tomorrow", "created_at": NOW.isoformat(),
    }  # fmt: skip
    assert landed(apply(entry)) == {"list": 1}
    line.profile.refresh_from_db()
    assert line.profile.do_not_disturb is False
    make_list_entry(
        customer=line.account.customer, starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1)
    )
    assert len(exported()) == 1


def test_bad_rows_are_named_the_good_land_and_sending_stays_held(line):
    number = line.account.customer.customer_no
    found = apply(
        {"kind": "opt_out", "customer_no": number},
        "{broken",
        '["no object"]',
        {"kind": "parole", "customer_no": number},
        {"kind": "opt_out", "customer_no": "nobody"},
        {"kind": "opt_out"},
        {
            "kind": "consent",
            "subscriber_no": line.subscriber_no,
            "purpose": "p",
            "channel": "c",
            "at": "soon",
            "source": "",
        },
        {"kind": "list", "customer_no": number, "list": "wishlist", "channel": "any", "starts_on": "2026-11-01"},
        {"kind": "opt_out", "customer_no": "9" * 41},
        '{"kind": "opt_out", "customer_no": "\x00"}',
        {"kind": "staff", "username": "hired-after-the-restored-moment"},
    )
    assert landed(found) == {"opt_out": 1}
    assert [(one["row"], one["field"], one["code"]) for one in found.rejections] == [
        (2, "kind", "not_json"),
        (3, "kind", "not_json"),
        (4, "kind", "unknown_kind"),
        (5, "customer_no", "unknown"),
        (6, "customer_no", "required"),
        (7, "at", "invalid"),
        (8, "list", "invalid"),
        (9, "customer_no", "invalid"),
        (10, "customer_no", "unknown"),
    ]
    assert found.rejected == 9
    assert is_restored()
    apply({"kind": "opt_out", "customer_no": "nobody"}, accept_rejected=True)
    assert not is_restored()


def test_the_commands_write_and_read_the_same_file(line, tmp_path, capsys):
    withdraw(line)
    file = tmp_path / "suppressions.jsonl"
    with clock.freeze(NOW):
        call_command("export_suppressions", file)
    assert file.stat().st_mode & 0o777 == 0o600
    Consent.objects.all().delete()
    with clock.freeze(NOW):
        call_command("apply_suppressions", file, as_json=True)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["rows"], told["applied"]["consent"], told["rejected"]) == (1, 1, 0)

    make_customer()
    file.write_text('{"kind": "opt_out", "customer_no": "nobody"}\n')
    KnownCluster.objects.update(identity="1:00000001")
    with pytest.raises(CommandError, match="1 of 1 rows were rejected. Sending stays held"):
        call_command("apply_suppressions", file)
    assert "row 1: customer_no unknown" in capsys.readouterr().out
