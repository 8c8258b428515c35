"""The operator as a stream of tables in loading order."""

from collections.abc import Iterator
from pathlib import Path

from customers.simulator import catalogue, holdings, loyalty, registry, service, social
from customers.simulator.behaviour import simulate
from customers.simulator.bills import bills
from customers.simulator.days import usage_days
from customers.simulator.history import World
from customers.simulator.identity import Identity
from customers.simulator.ledger import Ledger
from customers.simulator.payments import balances, payments
from customers.simulator.schema import Piece, packed
from customers.simulator.spec import Spec
from customers.simulator.truth import write_truth
from customers.simulator.usage import usage_months


def simulate_operator(spec: Spec, truth: Path | None = None) -> Iterator[Piece]:
    """Yields (resource, table) so that every reference comes before what refers to it.

    Tables have the contract's columns and at most 200,000 rows. The same spec gives the same bytes.
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
    yield from registry.customers(world, identity)
    yield from registry.groups(world, identity)
    yield from registry.accounts(world, identity)
    yield from registry.subscribers(world, identity)
    yield from holdings.contracts(world, identity)
    yield from holdings.product_subscriptions(world, identity)
    yield from holdings.terminals(world, identity)
    yield from usage_months(world, identity)
    yield from usage_days(world, identity)
    ledger = Ledger(world)
    yield from bills(world, identity, ledger)
    yield from payments(world, identity, ledger)
    yield from balances(world, identity, ledger)
    yield from loyalty.points(world, identity)
    yield from service.status_events(world, identity)
    yield from service.service_contacts(world, identity)
    yield from social.ties(world, identity)
    yield from loyalty.consents(world, identity)
