"""A field that a row leaves out keeps what is stored; null and an empty cell clear it; an opt-out needs a word."""

import json
from pathlib import Path
from typing import Any

import pytest

from customers.batches.services.rows import put_row
from customers.facts.models import Consent, Customer, ServiceContact, Subscriber
from customers.ingest.chunks import chunk_of
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from customers.ingest.services.files import load_file
from customers.ingest.services.loading import load
from customers.ingest.services.mapping.document import parse_mapping
from customers.ingest.services.progress import LoadResult
from retention.core.errors import Invalid
from tests.customers.ingest.rows import NOW, customer, send, subscriber

pytestmark = pytest.mark.django_db
FULL = {"birth_date": "1980-05-04", "email": "a@example.com", "tier": "gold", "profiling_opt_out": "true"}
KEPT = ("1980-05-04", "a@example.com", "gold", True)
CLEARED = ("None", "", "none", True)


def stored(number: int = 1) -> tuple[str, str, str, bool]:
    row = Customer.objects.get(customer_no=f"C{number}")
    return str(row.birth_date), row.email, row.tier, row.profiling_opt_out


def send_json(resource: str, rows: list[dict[str, Any]]) -> LoadResult:
    """As NDJSON: each row names its own fields."""
    return load(RESOURCES[resource], [chunk_of(rows)], source="json", now=NOW)


@pytest.fixture(autouse=True)
def full(operator: None) -> None:
    send("customers", [customer(**FULL), customer(2, **FULL)])


def test_a_row_of_json_keeps_what_it_leaves_out_beside_a_row_that_clears_it() -> None:
    cleared = dict.fromkeys(FULL)
    result = send_json("customers", [customer(name="Ben"), customer(2) | cleared])
    assert (result.applied, Customer.objects.get(customer_no="C1").name) == (2, "Ben")
    assert (stored(1), stored(2)) == (KEPT, CLEARED)


def test_a_new_row_gets_the_defaults_of_what_it_leaves_out() -> None:
    send_json("customers", [customer(9), customer(8, tier="silver")])
    assert (stored(9), stored(8)) == (("None", "", "none", False), ("None", "", "silver", False))


def test_a_csv_without_the_column_keeps_and_an_empty_cell_clears(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("customer_no,kind,name,branch_code,birth_date,profiling_opt_out\nC1,individual,Ana,B1,,\n")
    assert load_file("customers", file, now=NOW).applied == 1
    assert stored() == ("None", "a@example.com", "gold", True)


def test_only_false_takes_an_opt_out_back() -> None:
    for silence in ({}, {"profiling_opt_out": None}, {"profiling_opt_out": " "}):
        send_json("customers", [customer() | silence])
        assert Customer.objects.get(customer_no="C1").profiling_opt_out is True
    send_json("customers", [customer(profiling_opt_out="false")])
    assert Customer.objects.get(customer_no="C1").profiling_opt_out is False


def test_a_put_is_the_whole_row_but_does_not_take_an_opt_out_back() -> None:
    body = customer()
    put_row(resource=RESOURCES["customers"], key={"customer_no": "C1"}, row=body, client="c", now=NOW)
    assert stored() == CLEARED
    body = customer() | {"profiling_opt_out": False}
    put_row(resource=RESOURCES["customers"], key={"customer_no": "C1"}, row=body, client="c", now=NOW)
    assert Customer.objects.get(customer_no="C1").profiling_opt_out is False


def test_a_put_of_a_consent_without_its_answer_is_refused_and_changes_nothing() -> None:
    at = {"at": "2026-10-01T10:00:00+08:00", "source": "app"}
    consent = {"subscriber_no": "S1", "purpose": "marketing", "channel": "call"}
    send("consents", [consent | at | {"granted": "false"}])
    with pytest.raises(Invalid) as refused:
        put_row(resource=RESOURCES["consents"], key=consent, row=at, client="c", now=NOW)
    assert refused.value.details == [{"field": "granted", "code": "required", "message": "Row 1: granted is missing."}]
    assert Consent.objects.get().granted is False


def test_sending_a_partial_row_again_changes_nothing() -> None:
    rows = [customer(name="Ben"), customer(2, email="b@example.com")]
    assert send_json("customers", rows).applied == 2
    assert send_json("customers", rows).counts()["unchanged"] == 2


def test_two_rows_of_one_key_that_carry_different_fields_become_one() -> None:
    result = send_json(
        "customers", [customer(7, email="e@x.cn"), customer(7, tier="gold"), customer(7) | {"birth_date": "1990-01-01"}]
    )
    assert (result.applied, result.rejected) == (1, 0)
    assert stored(7) == ("1990-01-01", "e@x.cn", "gold", False)


def test_two_rows_of_one_key_that_contradict_each_other_are_told() -> None:
    result = send_json("customers", [customer(7, email="e@x.cn"), customer(7, tier="gold", email="f@x.cn")])
    assert [error["code"] for error in result.errors] == ["duplicate_key"]
    assert stored(7) == ("None", "e@x.cn", "none", False)


def test_an_older_version_of_the_batch_gives_only_what_the_newer_leaves_out() -> None:
    newer = customer(7, email="new@x.cn") | {"source_version": 2}
    older = customer(7, email="old@x.cn", tier="gold") | {"source_version": 1}
    result = send_json("customers", [newer, older])
    assert (result.applied, result.unchanged) == (1, 1)
    assert stored(7)[1:3] == ("new@x.cn", "gold")


def test_rows_that_wait_keep_and_clear_when_they_land() -> None:
    send_json("customers", [customer(branch_code="B9"), customer(2, branch_code="B9") | {"email": None}])
    raws = dict(QuarantinedRow.objects.values_list("row_no", "raw"))
    assert ("email" in raws[1], raws[2]["email"]) == (False, None)
    send("branches", [{"code": "B9", "name": "South", "level": "province"}])
    assert (stored(1), stored(2)) == (KEPT, ("1980-05-04", "", "gold", True))


def test_a_row_that_waits_takes_along_what_the_others_of_its_key_said() -> None:
    send_json("customers", [customer(7, branch_code="B9", email="e@x.cn"), customer(7, branch_code="B9", tier="gold")])
    send("branches", [{"code": "B9", "name": "South", "level": "province"}])
    assert stored(7)[1:3] == ("e@x.cn", "gold")
    assert not QuarantinedRow.objects.exists()


MAPPING = {
    "columns": {
        "customer_no": "no", "kind": {"value": "individual"}, "name": "who", "branch_code": {"value": "B1"},
        "email": "mail", "tier": {"from": "card", "default": "silver"},
    }
}  # fmt: skip


def test_a_mapping_keeps_what_its_source_row_lacks(tmp_path: Path) -> None:
    file = tmp_path / "people.ndjson"
    rows = [{"no": "C1", "who": "Ana"}, {"no": "C2", "who": "Ana", "mail": None, "card": "gold"}]
    file.write_text("\n".join(map(json.dumps, rows)))
    assert load_file("customers", file, mapping=parse_mapping(MAPPING, name="m"), now=NOW).applied == 2
    assert stored(1) == ("1980-05-04", "a@example.com", "silver", True)
    assert stored(2) == ("1980-05-04", "", "gold", True)


def test_a_mapping_keeps_what_only_some_of_its_rows_make(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("no,who,mail\nC1,Ana,n@x.cn\nC2,Ana,\n")
    columns = {name: spec for name, spec in MAPPING["columns"].items() if name not in ("email", "tier")}
    rows = [
        {"where": {"mail": {"blank": False}}, "email": "mail"},
        {"where": {"mail": {"blank": True}}, "tier": {"value": "none"}},
    ]
    mapping = parse_mapping({"columns": columns, "rows": rows}, name="m")
    assert load_file("customers", file, mapping=mapping, now=NOW).applied == 2
    assert stored(1) == ("1980-05-04", "n@x.cn", "gold", True)
    assert stored(2) == ("1980-05-04", "a@example.com", "none", True)


def test_a_line_keeps_its_group_and_speed() -> None:
    send("groups", [{"group_no": "G1", "name": "Home", "kind": "family"}])
    send_json("subscribers", [subscriber() | {"group_no": "G1", "bandwidth_mbps": 100}])
    send_json("subscribers", [subscriber(channel="app"), subscriber(2) | {"group_no": None}])
    line = Subscriber.objects.get(subscriber_no="S1")
    assert (line.channel, line.group.group_no, line.bandwidth_mbps) == ("app", "G1", 100)


def test_a_branch_keeps_its_parent() -> None:
    send("branches", [{"code": "B2", "name": "Town", "level": "city", "parent_code": "B1"}])
    send_json("branches", [{"code": "B2", "name": "City", "level": "city"}])
    from retention.core.accounts.models import Branch

    assert Branch.objects.get(code="B2").path == "B1/B2/"


def test_a_row_that_breaks_a_rule_with_what_is_kept_is_refused_by_name() -> None:
    ticket = {"ticket_no": "T1", "subscriber_no": "S1", "kind": "fault", "opened_at": "2026-10-01T08:00:00+08:00"}
    send_json("service-contacts", [ticket | {"closed_at": "2026-10-02T08:00:00+08:00"}])
    later = ticket | {"opened_at": "2026-10-03T08:00:00+08:00"}
    result = send_json("service-contacts", [later, ticket | {"ticket_no": "T2"}])
    assert [(error["row"], error["field"], error["code"]) for error in result.errors] == [
        (1, "opened_at", "after_stored")
    ]
    assert result.errors[0]["message"] == (
        "Row 1: opened_at is '2026-10-03T08:00:00+08:00', which is after the closed_at that is stored."
    )
    assert result.counts() == {"received": 2, "applied": 1, "unchanged": 0, "waiting": 0, "rejected": 1}
    assert ServiceContact.objects.get(ticket_no="T1").opened_at.day == 1
