"""Lines (subscribers): the constant properties of each, and its hidden temperament."""

from dataclasses import dataclass

import numpy as np

from retention.simulator.defaults.catalogue import BROADBAND, IPTV, MOBILE
from retention.simulator.defaults.places import Places
from retention.simulator.parameters import Spec
from retention.simulator.parties import AGENT_STORE, INDIVIDUAL, TELESALES, People, newcomer_share
from retention.simulator.randomness import mean_one, normal, pick, stream, uniform
from retention.simulator.usage import choose_plans, ordinary_use, promotions

NEVER = np.int32(2_000_000)  # a day number beyond every history
NONE = -1


@dataclass
class Lines:
    """One entry per line, in subscriber order. Indexes are into People, Places and the catalogue."""

    customer: np.ndarray
    account: np.ndarray
    line_type: np.ndarray
    outlet: np.ndarray
    district: np.ndarray
    city: np.ndarray
    channel: np.ndarray
    activated: np.ndarray
    newcomer: np.ndarray
    company: np.ndarray
    prepaid: np.ndarray
    group: np.ndarray  # enterprise VPN or family, NONE when alone
    group_is_family: np.ndarray  # per group
    bundle: np.ndarray
    plan: np.ndarray  # the plan it starts with
    promotion: np.ndarray
    # hidden temperament
    price_sense: np.ndarray
    network_sense: np.ndarray
    frailty: np.ndarray
    sleeping_dog: np.ndarray
    false_until: np.ndarray  # day on which a false user is detected, else NEVER
    dormant: np.ndarray  # silent since before the history
    # ordinary monthly use
    voice_out: np.ndarray
    voice_in: np.ndarray
    data: np.ndarray
    sms: np.ndarray
    call_length: np.ndarray
    regularity: np.ndarray
    roamer: np.ndarray

    def __len__(self) -> int:
        return len(self.customer)

    @property
    def accounts(self) -> int:
        return int(self.account[-1]) + 1

    @property
    def groups(self) -> int:
        return len(self.group_is_family)

    @property
    def mobile(self) -> np.ndarray:
        return self.line_type == MOBILE


def build_lines(spec: Spec, people: People, places: Places) -> Lines:
    """Every line of every customer, cut at the number requested."""
    customer, line_type, position = _expand(people, spec.subscribers)
    rng = stream(spec.seed, "lines")
    size = len(customer)
    company = people.kind[customer] != INDIVIDUAL
    mobile = line_type == MOBILE
    own_account = (position == 0) | (mobile & ~company & (uniform(rng, size) < 0.35))
    account = (np.cumsum(own_account) - 1).astype(np.int32)
    newcomer = people.newcomer[customer] | ((position > 0) & (uniform(rng, size) < 0.4 * newcomer_share(spec)))
    channel = np.where(
        people.newcomer[customer] == newcomer, people.channel[customer], pick(rng, size, [0.5, 0.2, 0.1, 0.2])
    )
    age = people.age(spec.timeline.until)[customer]
    bundle = _bundles(rng, people, customer, line_type, company)
    prepaid = _prepaid(rng, account, company, age, bundle)
    score = normal(rng, size)
    plan = choose_plans(rng, line_type, company, age, channel, prepaid, bundle != NONE, score)
    group, family = _groups(rng, people, customer, mobile)
    outlet = people.outlet[customer]
    activated = _activation(rng, spec, customer, newcomer)
    pushed = np.isin(channel, (AGENT_STORE, TELESALES)) & newcomer & mobile & ~company
    false = pushed & (uniform(rng, size) < 0.03)
    return Lines(
        customer=customer,
        account=account,
        line_type=line_type,
        outlet=outlet,
        district=places.outlet_district[outlet],
        city=places.outlet_city[outlet],
        channel=channel.astype(np.uint8),
        activated=activated,
        newcomer=newcomer,
        company=company,
        prepaid=prepaid,
        group=group,
        group_is_family=family,
        bundle=bundle,
        plan=plan,
        promotion=promotions(rng, channel, mobile),
        price_sense=mean_one(rng, size, 0.3) * np.where(age < 30, 1.2, 0.95).astype(np.float32),
        network_sense=mean_one(rng, size, 0.35),
        frailty=mean_one(rng, size, 0.15),
        sleeping_dog=uniform(rng, size) < 0.13,
        false_until=np.where(false, activated + 55 + (60 * uniform(rng, size)).astype(np.int32), NEVER),
        dormant=~newcomer & mobile & (uniform(rng, size) < 0.02),
        **ordinary_use(rng, line_type, plan, age, people.migrant[customer]),
    )


def _expand(people: People, wanted: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customer, line type and position within the customer of each line."""
    per_customer = people.lines_of.sum(axis=0)
    customer = np.repeat(np.arange(len(people), dtype=np.int32), per_customer)
    begin = np.cumsum(per_customer) - per_customer
    position = np.arange(len(customer)) - begin[customer]
    upper = np.cumsum(people.lines_of, axis=0)
    line_type = np.zeros(len(customer), dtype=np.uint8)
    for kind in range(len(upper) - 1):
        line_type += position >= upper[kind][customer]
    return customer[:wanted], line_type[:wanted], position[:wanted]


def _activation(rng: np.random.Generator, spec: Spec, customer: np.ndarray, newcomer: np.ndarray) -> np.ndarray:
    """Day of joining: lines of one customer tend to share it; the old base reaches back sixteen years."""
    timeline, size, customers = spec.timeline, len(customer), int(customer[-1]) + 1
    shared = uniform(rng, size) < 0.6
    draw = np.where(shared, uniform(rng, customers)[customer], uniform(rng, size))
    recent = np.where(shared, (uniform(rng, customers) < 0.22)[customer], uniform(rng, size) < 0.22)
    first_year = 1 + 364 * draw**1.15
    older = np.minimum(365 - 1_900 * np.log1p(-0.995 * draw), 6_200 + 300 * draw)
    before = timeline.history_start - np.where(recent, first_year, older)
    span = timeline.until - timeline.history_start + 1
    during = timeline.history_start + np.floor(span * draw)
    return np.where(newcomer, np.minimum(during, timeline.until), before).astype(np.int32)


def _bundles(
    rng: np.random.Generator, people: People, customer: np.ndarray, line_type: np.ndarray, company: np.ndarray
) -> np.ndarray:
    """Bundle id of lines sold together (mobile + broadband + IPTV of one customer), NONE otherwise."""
    customers = len(people)
    has = (people.lines_of[MOBILE] > 0) & (people.lines_of[BROADBAND] > 0)
    bundled = has & (people.kind == INDIVIDUAL) & (uniform(rng, customers) < 0.45)
    first_mobile = np.zeros(len(customer), dtype=bool)
    opens = np.r_[True, customer[1:] != customer[:-1]]
    first_mobile[opens] = True
    member = bundled[customer] & (first_mobile | (line_type == BROADBAND) | (line_type == IPTV)) & ~company
    number = np.cumsum(bundled) - 1
    return np.where(member, number[customer], NONE).astype(np.int32)


def _prepaid(
    rng: np.random.Generator, account: np.ndarray, company: np.ndarray, age: np.ndarray, bundle: np.ndarray
) -> np.ndarray:
    opens = np.r_[True, account[1:] != account[:-1]]
    chance = np.where(company | (bundle != NONE), 0.0, np.where((age < 28) | (age > 62), 0.55, 0.34))
    return (uniform(rng, len(account)) < chance)[opens][account]


def _groups(
    rng: np.random.Generator, people: People, customer: np.ndarray, mobile: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Group of each line, and whether each group is a family: households with a plan together, and firms."""
    household = people.household[customer]
    households = int(people.household[-1]) + 1
    mobiles = np.bincount(household[mobile], minlength=households)
    firm = np.zeros(households, dtype=bool)
    firm[people.household[people.kind != INDIVIDUAL]] = True
    grouped = (mobiles >= 2) & (firm | (uniform(rng, households) < 0.36))
    number = (np.cumsum(grouped) - 1).astype(np.int32)
    group = np.where(grouped[household] & mobile, number[household], NONE).astype(np.int32)
    return group, ~firm[grouped]
