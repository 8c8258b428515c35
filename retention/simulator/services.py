"""The operator as a stream of tables in loading order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from retention.simulator.defaults import catalogue
from retention.simulator.history import World
from retention.simulator.identity import Identity
from retention.simulator.oracle import write_truth
from retention.simulator.parameters import Spec, day_number
from retention.simulator.rules.behaviour import simulate
from retention.simulator.rules.payments import Ledger
from retention.simulator.rules.treatments import Treatment
from retention.simulator.schema import Piece, packed
from retention.simulator.tables import holdings, parties, service, social
from retention.simulator.tables import holdings as tables_holdings
from retention.simulator.tables.bills import bills
from retention.simulator.tables.payments import balances, payments
from retention.simulator.tables.usage import usage_months
from retention.simulator.tables.usage_days import usage_days


def simulate_operator(
    spec: Spec, truth: Path | None = None, *, treatments: Sequence[Treatment] = ()
) -> Iterator[Piece]:
    """Yields (resource, table) so that every referenced row comes before its references.

    Tables have the columns of the ingest resources and at most 200,000 rows. The same spec and treatments give the same
    bytes. With `truth`, the hidden truth is written into that folder before the first table.
    """
    world = simulate(spec, treatments)
    identity = Identity.of(world.lines)
    if truth is not None:
        write_truth(world, identity, truth)
    world.history.forget_chances()
    yield from packed(_pieces(world, identity))


def simulate_beginning(spec: Spec, until: date) -> Iterator[Piece]:
    """The operator as billing knew it on an earlier day of the same history: lines that had joined by then, with their
    facts of then. Only resources whose rows keep their keys when what comes later is simulated otherwise, so that the
    whole operator may be loaded over it."""
    world = _seen_on(simulate(spec), until)
    identity = Identity.of(world.lines)
    joined = identity.subscriber.filter(pa.array(world.lines.activated <= day_number(until)))
    yield from packed(_of_lines(_lasting_pieces(world, identity), joined))


def _seen_on(world: World, day: date) -> World:
    spec = world.spec
    begun = replace(spec, until=day, days=spec.days - (spec.until - day).days)
    last = begun.timeline.touched_months[-1]
    return replace(world, spec=begun, plan_now=world.history.plan[last])


def _of_lines(pieces: Iterable[Piece], joined: pa.Array) -> Iterator[Piece]:
    for resource, piece in pieces:
        if "subscriber_no" in piece.column_names:
            piece = piece.filter(pc.is_in(piece["subscriber_no"], value_set=joined))
        yield resource, piece


def _lasting_pieces(world: World, identity: Identity) -> Iterator[Piece]:
    yield from _catalogue(world)
    yield from parties.customers(world, identity)
    yield from parties.groups(world, identity)
    yield from parties.accounts(world, identity)
    yield from parties.subscribers(world, identity)
    yield from holdings.contracts(world, identity)
    yield from usage_months(world, identity)
    ledger = Ledger(world)
    yield from bills(world, identity, ledger)
    yield from balances(world, identity, ledger)
    yield from service.status_events(world, identity)
    yield from service.service_contacts(world, identity)


def _catalogue(world: World) -> Iterator[Piece]:
    yield "branches", world.places.branches()
    yield "plans", catalogue.plans_table()
    yield "products", catalogue.products_table()
    yield "policies", catalogue.policies_table()


def _pieces(world: World, identity: Identity) -> Iterator[Piece]:
    yield from _catalogue(world)
    yield from parties.customers(world, identity)
    yield from parties.groups(world, identity)
    yield from parties.accounts(world, identity)
    yield from parties.subscribers(world, identity)
    yield from holdings.contracts(world, identity)
    yield from holdings.product_subscriptions(world, identity)
    yield from holdings.terminals(world, identity)
    yield from usage_months(world, identity)
    yield from usage_days(world, identity)
    ledger = Ledger(world)
    yield from bills(world, identity, ledger)
    yield from payments(world, identity, ledger)
    yield from balances(world, identity, ledger)
    yield from tables_holdings.points(world, identity)
    yield from service.status_events(world, identity)
    yield from service.service_contacts(world, identity)
    yield from social.ties(world, identity)
    yield from tables_holdings.consents(world, identity)
