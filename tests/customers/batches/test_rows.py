"""PUT of one fact."""

import pytest

from analytics.declarations import RISK_READ
from customers.batches.api.serializers.examples import example_row
from customers.facts.models import Plan, UsageDay
from customers.ingest.chunks import chunk_of
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from customers.ingest.validators.rows import check
from retention.core import clock
from tests.api import make_client
from tests.customers.batches.batch_bodies import plan, usage
from tests.factories import make_custom_field, make_subscriber

pytestmark = pytest.mark.django_db


def test_a_row_is_created_then_changed_then_unchanged(caller):
    body = plan("A")
    assert [caller.put("plans/A", body).status_code, caller.put("plans/A", body).status_code] == [201, 200]
    assert caller.put("plans/A", body).json()["state"] == "unchanged"
    changed = caller.put("plans/A", plan("A", name="Other"))
    assert (changed.status_code, changed.json()["state"]) == (200, "applied")
    assert Plan.objects.get(code="A").name == "Other"


def test_a_key_of_several_parts(caller):
    line = make_subscriber()
    body = usage(line.subscriber_no)
    del body["subscriber_no"], body["day"]
    answer = caller.put(f"usage-days/{line.subscriber_no}~2026-10-31", body)
    assert (answer.status_code, answer.json()["key"]) == (
        201,
        {"subscriber_no": line.subscriber_no, "day": "2026-10-31"},
    )
    assert caller.put(f"usage-days/{line.subscriber_no}~2026-10-31", body).status_code == 200
    assert UsageDay.objects.get().subscriber == line


@pytest.mark.parametrize(
    ("path", "body", "code", "field"),
    [
        ("plans/A", {"name": "x"}, "invalid_row", "line_type"),
        ("plans/A", plan("A", monthly_fee="x"), "invalid_row", "monthly_fee"),
        ("plans/A", plan("B"), "key_mismatch", "code"),
        ("usage-days/L1", usage("L1"), "bad_key", None),
        ("payments/Z", {"account_no": "A", "amount": "1", "paid_at": "0072-06-20T08:57:57Z"}, "invalid_row", "paid_at"),
        ("usage-days/L1~2026-02-30", {}, "key_mismatch", None),
    ],
)
def test_a_bad_row_is_refused_with_its_field_and_nothing_is_kept(caller, path, body, code, field):
    if code == "key_mismatch" and field is None:
        body, code, field = usage("L1", "2026-02-30"), "invalid_row", "day"
    answer = caller.put(path, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, code)
    if field:
        assert field in {detail["field"] for detail in error["details"]}
    assert not QuarantinedRow.objects.exists()


def test_an_older_version_changes_nothing(caller):
    caller.put("plans/A", plan("A", source_version=5))
    answer = caller.put("plans/A", plan("A", name="Older", source_version=4))
    assert answer.json()["state"] == "unchanged"


def test_a_row_before_what_it_refers_to_waits(caller):
    answer = caller.put("usage-days/NEW~2026-10-31", {**usage("NEW")})
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert QuarantinedRow.objects.get().state == QuarantinedRow.State.WAITING


def test_an_unknown_resource_or_a_wrong_method_is_told_in_the_one_shape(caller):
    assert caller.put("planes/A", {}).json()["error"]["code"] == "not_found"
    assert caller.get("plans/A").status_code == 405
    assert make_client(RISK_READ).put("plans/A", plan("A")).status_code == 403


@pytest.mark.parametrize("name", list(RESOURCES))
def test_the_example_in_the_description_is_a_good_row(name):
    make_custom_field(key="payment_method")
    checked = check(RESOURCES[name], chunk_of([example_row(RESOURCES[name])]), now=clock.now())
    assert [problem.message for problem in checked.problems] == []
