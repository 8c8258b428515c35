"""Lines that call each other, in OCTOBER, and circles made of them on AS_OF."""

from datetime import date

from customers.circles.models import Circle, CircleMember
from customers.circles.services import record_circles
from customers.facts.models import Plan, Subscriber, Tie
from tests import factories as make

AS_OF = date(2026, 11, 5)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def line(name: str, **given) -> Subscriber:
    """A line of a customer of its own; its number's hash is `name`."""
    return make.make_subscriber(**{"number_hash": name} | given)


def beside(other: Subscriber, name: str = "", **given) -> Subscriber:
    """Another line of the same account."""
    return line(name, account=other.account, branch=other.branch, **given)


def call(one: Subscriber, other: Subscriber | str, calls: int = 20, *, month: date = OCTOBER, network="own") -> Tie:
    named = other if isinstance(other, str) else other.number_hash
    values = {"subscriber": one, "month": month, "calls": calls, "minutes": calls * 2.0}
    return Tie.objects.create(**values, other_hash=named, network=network)


def both(one: Subscriber, other: Subscriber, calls: int = 20, **given) -> None:
    call(one, other, calls, **given)
    call(other, one, calls, **given)


def record(as_of: date = AS_OF):
    return record_circles(as_of=as_of)


def circles() -> dict[str, set[str]]:
    """{number: hashes of its standing lines}"""
    found: dict[str, set[str]] = {}
    for member in CircleMember.objects.standing().select_related("subscriber"):
        found.setdefault(str(member.circle_id), set()).add(member.subscriber.number_hash)
    return found


def together() -> list[set[str]]:
    return sorted(circles().values(), key=sorted)


def the_circle() -> Circle:
    return Circle.objects.get(until=None)


def sell_bundles() -> dict[str, Plan]:
    """A mobile part of 129 and one of 169 yuan, a broadband part of 10; broadband alone for 50."""
    bundle = {"is_bundle": True, "brand": "Reunion"}
    sold = [
        make.make_plan(code="R129", name="Bundle 129", monthly_fee=129, **bundle),
        make.make_plan(code="R169", name="Bundle 169", monthly_fee=169, **bundle),
        make.make_plan(code="BR", line_type="broadband", monthly_fee=10, bandwidth_mbps=300, **bundle),
        make.make_plan(code="B100", line_type="broadband", monthly_fee=50, bandwidth_mbps=100, market="all"),
    ]
    return {plan.code: plan for plan in sold}
