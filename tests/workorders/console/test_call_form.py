"""What the form of the call screen offers: keys, usual appointments, the time since the call began."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import NOW
from tests.workorders.rows import HOUR, MINUTE, make_floor, make_orders
from workorders.console import queries
from workorders.console.forms import OutcomeForm
from workorders.order_types import rules
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import Note
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import start

pytestmark = pytest.mark.django_db


def keys_of(type_code: str) -> dict[str, str]:
    kind = OrderType.objects.current().get(code=type_code)
    flow = rules.read(kind.flow, kind.fields)
    headings = queries._headings(list(Disposition.objects.choosable()), flow)
    return {one.code: key for _heading, leaves in headings for one, key in leaves}


def test_every_outcome_has_a_key_and_the_same_in_every_type():
    install_order_types()
    seen: dict[str, str] = {}
    for kind in OrderType.objects.current():
        keys = keys_of(kind.code)
        assert all(keys.values()), kind
        assert len(set(keys.values())) == len(keys), kind
        assert all(seen.setdefault(code, key) == key for code, key in keys.items())
    assert (seen["no_answer"], seen["switched_off"], seen["informed"]) == ("Alt+1", "Alt+0", "Alt+Shift+1")


def test_two_types_may_have_different_keys_for_one_disposition():
    install_order_types()
    care = OrderType.objects.get(code="care")
    care.flow |= {"keys": {"1": "informed", "2": "no_answer"}}
    care.save()
    assert (keys_of("care")["no_answer"], keys_of("churn_retention")["no_answer"]) == ("Alt+2", "Alt+1")
    assert keys_of("care")["informed"] == "Alt+1"
    assert len(set(keys_of("care").values())) == len(keys_of("care"))


def test_the_time_counts_from_the_start_of_the_call_whatever_is_written_since():
    team, (ana,) = make_floor()
    make_orders(1, team=team)
    order = claim_next(agent=ana, now=NOW)
    assert queries.call_started(order) == NOW
    start(order_no=order.order_no, agent=ana, version=None, now=NOW + MINUTE)
    Note.objects.create(order=order, at=NOW + HOUR, author=ana, author_name="ana", text="Later")
    assert queries.call_started(order) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2026-03-29T01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T02:30", None),  # 02:00 jumps to 03:00: there is no such time
        ("2026-03-29T03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25T02:30", None),  # 03:00 goes back to 02:00: there are two of them
        ("2026-10-25T03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_an_appointment_in_the_night_of_a_clock_change_is_one_moment_or_none(typed, at):
    with timezone.override("Europe/Berlin"):
        form = OutcomeForm({"appointment_at": typed, "note": "At night"})
        assert form.is_valid() == (at is not None)
    assert form.cleaned_data.get("appointment_at") == at
    assert [one["field"] for one in form.problems] == ([] if at else ["appointment_at"])
    assert form.typed == {"appointment_at": typed, "note": "At night"}  # what was typed comes back
