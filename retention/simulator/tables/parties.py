"""Tables of customers, groups, accounts and subscribers."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retention.simulator.defaults import causes
from retention.simulator.defaults.catalogue import BANDWIDTH, LINE_TYPES, PLANS
from retention.simulator.defaults.places import CITIES
from retention.simulator.history import World
from retention.simulator.identity import (
    Identity,
    firm_names,
    number_hashes,
    numbered,
    office_names,
    person_names,
)
from retention.simulator.lines import NEVER, NONE
from retention.simulator.parties import CHANNELS, ENTERPRISE, GOVERNMENT, INDIVIDUAL, KINDS
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.rules.events import TIERS, tier_of
from retention.simulator.schema import Piece, choices, nullable_days, sliced, table
from retention.simulator.tables.service import line_stops, termination_exit

SERVICE_LEVELS = ("bronze", "silver", "gold", "diamond")
PROMOTIONS = (None, "FREE3M", "JOINGIFT")


def where_known(known: np.ndarray, values: pa.Array) -> pa.Array:
    """The values where the mask is true, null elsewhere."""
    return pc.if_else(pa.array(known), values, pa.scalar(None, values.type))


def customers(world: World, identity: Identity) -> Iterator[Piece]:
    """`customers`: tier follows the plan of the customer's first line, service level the size of the firm."""
    people, lines = world.people, world.lines
    size = len(people)
    rng = stream(world.spec.seed, "customers")
    individual = people.kind == INDIVIDUAL
    first = np.searchsorted(lines.customer, np.arange(size))
    joined = np.full(size, NEVER, dtype=np.int32)
    np.minimum.at(joined, lines.customer, lines.activated)
    count = np.bincount(lines.customer, minlength=size)
    level = np.searchsorted((6, 25, 80), count, side="right")
    index = pa.array(np.arange(1, size + 1)).cast(pa.string())
    mail = pc.binary_join_element_wise("user", index, "@mail.example", "")
    tier = np.where(individual, tier_of(world.plan_now[first]), 0)
    yield from sliced(
        "customers",
        table(
            "customers",
            {
                "customer_no": identity.customer,
                "kind": choices(KINDS, people.kind),
                "name": _names(world, rng),
                "gender": where_known(individual, choices(("male", "female"), people.female.astype(np.int8))),
                "birth_date": nullable_days(people.birth, individual & (uniform(rng, size) < 0.97)),
                "branch_code": world.places.outlet_codes.take(people.outlet),
                "tier": choices(TIERS, tier),
                "service_level": where_known(~individual, choices(SERVICE_LEVELS, level)),
                "contact_phone": identity.phone.take(first),
                "email": where_known(~individual | (uniform(rng, size) < 0.35), mail),
                "language": choices(("zh-hans", "en"), people.english.astype(np.int8)),
                "joined_on": joined,
                "profiling_opt_out": people.opted_out,
            },
        ),
    )


def _names(world: World, rng: np.random.Generator) -> pa.Array:
    people, size = world.people, len(world.people)
    cities = choices([city.removesuffix("市") for city in CITIES], world.places.outlet_city[people.outlet])
    person = person_names(rng, people.female, people.english)
    firm = firm_names(rng, size, cities)
    office = office_names(rng, size, choices(CITIES, world.places.outlet_city[people.outlet]))
    named = pc.if_else(pa.array(people.kind == ENTERPRISE), firm, person)
    return pc.if_else(pa.array(people.kind == GOVERNMENT), office, named)


def groups(world: World, identity: Identity) -> Iterator[Piece]:
    """`groups`: enterprise VPNs named after the firm's number, families after the household's."""
    family = world.lines.group_is_family
    number = numbered("G", np.arange(len(family)))
    name = pc.binary_join_element_wise(
        choices(("集团网 ", "家庭 "), family.astype(np.int8)), pc.utf8_slice_codeunits(number, 1), ""
    )
    columns = {
        "group_no": number,
        "name": name,
        "kind": choices(("enterprise_vpn", "family"), family.astype(np.int8)),
    }
    yield from sliced("groups", table("groups", columns))


def accounts(world: World, identity: Identity) -> Iterator[Piece]:
    """`accounts`: postpaid ones have a credit limit."""
    lines = world.lines
    first = np.searchsorted(lines.account, np.arange(lines.accounts))
    prepaid, company = lines.prepaid[first], lines.company[first]
    rng = stream(world.spec.seed, "accounts")
    limit = np.array((100.0, 200.0, 300.0, 500.0))[pick(rng, lines.accounts, [3, 4, 2, 1])]
    columns = {
        "account_no": identity.account,
        "customer_no": identity.customer.take(lines.customer[first]),
        "pay_mode": choices(("postpaid", "prepaid"), prepaid.astype(np.int8)),
        "credit_limit": pa.array(np.where(company, 5_000.0, limit), mask=prepaid),
    }
    yield from sliced("accounts", table("accounts", columns))


def subscribers(world: World, identity: Identity) -> Iterator[Piece]:
    """`subscribers` with their state on `until`."""
    lines, departures, until = world.lines, world.departures, world.spec.timeline.until
    size = len(lines)
    gone = departures.gone_on <= until
    stopped = np.zeros(size, dtype=bool)
    line, stopped_on, ends_on, _ = line_stops(world)
    stopped[line[(stopped_on <= until) & (ends_on > until)]] = True
    stopped &= ~gone & (lines.activated <= until)
    status = np.where(gone, 2, np.where(stopped, 1, 0))
    exit_kind = termination_exit(world, np.arange(size))
    bandwidth = BANDWIDTH[world.plan_now]
    yield from sliced(
        "subscribers",
        table(
            "subscribers",
            {
                "subscriber_no": identity.subscriber,
                "account_no": identity.account.take(lines.account),
                "phone_number": identity.phone,
                "line_type": choices(LINE_TYPES, lines.line_type),
                "plan_code": choices([plan.code for plan in PLANS], world.plan_now),
                "branch_code": world.places.outlet_codes.take(lines.outlet),
                "channel": choices(CHANNELS, lines.channel),
                "activated_on": lines.activated,
                "status": choices(("active", "stopped", "terminated"), status),
                "status_reason": choices((None, "arrears"), stopped.astype(np.int8)),
                "terminated_on": nullable_days(departures.gone_on, gone),
                "termination_reason": where_known(gone, choices(causes.EXITS, exit_kind)),
                "promotion_code": choices(PROMOTIONS, lines.promotion),
                "bandwidth_mbps": pa.array(bandwidth, mask=bandwidth == 0),
                "group_no": where_known(lines.group != NONE, numbered("G", lines.group)),
                "bundle_no": where_known(lines.bundle != NONE, numbered("D", lines.bundle)),
                "number_hash": where_known(lines.mobile, number_hashes(np.arange(size))),
            },
        ),
    )
