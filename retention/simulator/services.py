"""The operator as a stream of tables in loading order."""

from collections.abc import Iterator
from pathlib import Path

from retention.simulator.defaults import catalogue
from retention.simulator.history import World
from retention.simulator.identity import Identity
from retention.simulator.oracle import write_truth
from retention.simulator.parameters import Spec
from retention.simulator.rules.behaviour import simulate
from retention.simulator.rules.payments import Ledger
from retention.simulator.schema import Piece, packed
from retention.simulator.tables import holdings, parties, service, social
from retention.simulator.tables import holdings as tables_holdings
from retention.simulator.tables.bills import bills
from retention.simulator.tables.payments import balances, payments
from retention.simulator.tables.usage import usage_months
from retention.simulator.tables.usage_days import usage_days


def simulate_operator(spec: Spec, truth: Path | None = None) -> Iterator[Piece]:
    """Yields (resource, table) so that every referenced row comes before its references.

    Tables have the columns of the ingest resources and at most 200,000 rows. The same spec gives the same bytes.
    With `truth`, the hidden truth is written into that folder before the first table.
    """
    world = simulate(spec)
    identity = Identity.of(world.lines)
    if truth is not None:
        write_truth(world, identity, truth)
    world.history.forget_chances()
    yield from packed(_pieces(world, identity))


def _pieces(world: World, identity: Identity) -> Iterator[Piece]:
    yield "branches", world.places.branches()
    yield "plans", catalogue.plans_table()
    yield "products", catalogue.products_table()
    yield "policies", catalogue.policies_table()
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
