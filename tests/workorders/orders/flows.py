"""Order types for tests: a small one by hand, and any number of generated ones that may be published."""

from typing import Any

from hypothesis import strategies as st

from customers.facts.models import Subscriber
from retention.core.accounts.models import Team
from retention.core.accounts.roles import ALL_PERMISSIONS
from tests.factories import NOW, TODAY
from tests.workorders.rows import make_line
from workorders.order_types.models import OrderType
from workorders.order_types.stages import EXCEPTIONS
from workorders.orders.effects import EFFECTS
from workorders.orders.models import WorkOrder
from workorders.orders.origins import Origin, OriginKind
from workorders.orders.problems import Problem, Vocabulary, problems
from workorders.orders.services.opening import open_orders
from workorders.orders.services.order_requests import OrderRequest

DISPOSITIONS = {"no_answer": False, "callback": False, "informed": True}
WORDS = Vocabulary(ALL_PERMISSIONS, DISPOSITIONS, EFFECTS)


def stage(key: str, phase: str, **given: Any) -> dict[str, Any]:
    return {"key": key, "phase": phase, "label": key, "label_zh": "阶段"} | given


def step(key: str, via: str, sources: list[str], to: str, **given: Any) -> dict[str, Any]:
    return {"key": key, "from": sources, "to": to, "via": via, "label": key, "label_zh": "步骤"} | given


def found(parts: dict[str, Any], words: Vocabulary = WORDS) -> list[Problem]:
    return problems(**({"flow": {}, "fields": []} | parts), words=words)


def codes(parts: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one.row, one.code) for one in found(parts)}


def two_desks() -> dict[str, Any]:
    """Reported, first line, second line with a queue of its own, closed."""
    return {
        "stages": [
            stage("reported", "queued"), stage("first", "assigned"), stage("first_call", "in_progress"),
            stage("second_queue", "queued"), stage("second", "assigned"), stage("second_work", "in_progress"),
            stage("promised", "waiting"), stage("solved", "done"), stage("dropped", "cancelled"),
        ],
        "moves": [
            step("escalate", "pass_on", ["first", "first_call"], "second_queue", needs=["reason"]),
            step("solve", "complete", ["first_call", "second_work"], "solved"),
            step("later", "retry", ["first_call"], "reported"),
            step("promise", "schedule", ["first_call", "second_work"], "promised"),
            step("drop", "cancel", ["reported", "second_queue"], "dropped", permission="work.supervise"),
        ],
    }  # fmt: skip


@st.composite
def legal_types(draw: st.DrawFn) -> dict[str, Any]:
    """Types with one to three desks, each with a queue, a desk and work, that may all be published."""
    desks = draw(st.integers(1, 3))
    stages: list[dict[str, Any]] = []
    for at in range(desks):
        stages += [stage(f"q{at}", "queued"), stage(f"a{at}", "assigned"), stage(f"w{at}", "in_progress")]
    stages += [stage("promised", "waiting"), stage("end", "done"), stage("off", "cancelled")]
    last = desks - 1
    moves = [
        step("solve", "complete", [f"w{last}", f"a{last}"], "end"),
        step("promise", "schedule", [f"w{at}" for at in range(desks)], "promised"),
    ]
    moves += [step(f"on{at}", "pass_on", [f"a{at}", f"w{at}"], f"q{at + 1}") for at in range(last)]
    if draw(st.booleans()):
        moves.append(step("again", "retry", [f"w{draw(st.integers(0, last))}"], f"q{draw(st.integers(0, last))}"))
    if draw(st.booleans()):
        moves.append(step("check", "proceed", ["w0"], f"w{draw(st.integers(0, last))}"))
    if draw(st.booleans()):
        moves.append(step("lost", "expire", [f"a{last}", f"w{last}"], f"q{draw(st.integers(0, last))}"))
    open_keys = [one["key"] for one in stages if one["phase"] not in {"done", "cancelled"}]
    names = draw(st.sets(st.sampled_from([one["key"] for one in EXCEPTIONS if one["key"] != "merge"])))
    for one in EXCEPTIONS:
        if one["key"] in names:
            phases = set(one["from"])
            sources = [row["key"] for row in stages if row["phase"] in phases and row["key"] in open_keys]
            to = "off" if one["to"] == "cancelled" else f"q{draw(st.integers(0, last))}"
            moves.append(one | {"from": sources, "to": to, "needs": []})
    return {"stages": stages, "moves": moves}


def opened(kind: OrderType, team: Team, line: Subscriber | None = None) -> WorkOrder:
    """An order of the type in the queue of the group, of the line or of a new one."""
    line = line or make_line(branch=team.branch)
    request = OrderRequest(subscriber_id=line.pk, type=kind, origin=Origin(OriginKind.PLANNER), found_on=TODAY)
    (result,) = open_orders(requests=[request], on=TODAY, now=NOW)
    assert result.order_no, result.reason
    return WorkOrder.objects.select_related("type").get(order_no=result.order_no)


def fault(team: Team, line: Subscriber | None = None) -> WorkOrder:
    """An order of the type that has a second line."""
    return opened(OrderType.objects.current().get(code="fault_escalation"), team, line)
