"""To whom an offer may be made: the same conditions for one line, with each reason in words, and for the whole base.

All are conditions over the profile of a line and the line itself: branch, plan, and the parts of the offer's rule.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import structlog
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils.translation import gettext as _

from campaigns.audiences.rules import Group, RuleField, as_q, format_rule, parse, rule_catalogue
from campaigns.offers.economics import OfferEconomics
from campaigns.offers.tariffs import Amounts, Terms, amounts
from customers.facts.models import Plan
from customers.profile.models import LeaverProfile, SubscriberProfile
from customers.tariffs.rules.markets import FIRMS
from retention.core.accounts.models import Branch
from retention.core.errors import Invalid

log = structlog.get_logger("campaigns.offers")

OF_A_FIRM = Q(subscriber__account__customer__kind__in=FIRMS)
FEE = "line_fee"


class Ruled(Terms, Protocol):
    """An Offer: its terms, and to whom it may be made."""

    @property
    def pk(self) -> Any: ...

    @property
    def code(self) -> str: ...

    @property
    def rule(self) -> Any: ...

    @property
    def branch(self) -> Branch | None: ...


Row = TypeVar("Row", bound=Ruled)
AnyRow = TypeVar("AnyRow")


@dataclass(frozen=True)
class Requirement:
    """A condition over SubscriberProfile, and what is said of a line that does not meet it: most lines meet most."""

    condition: Q
    otherwise: Callable[[], str]


@dataclass(frozen=True)
class Judged(Generic[AnyRow]):
    """An offer and a line. amounts: None for a line without a profile. reasons: why it may not be made, in words.
    economics: None where the value of the line is not known. units_left: of the stock, None without one."""

    offer: AnyRow
    amounts: Amounts | None
    reasons: tuple[str, ...] = ()
    economics: OfferEconomics | None = None
    units_left: int | None = None

    @property
    def is_eligible(self) -> bool:
        return not self.reasons


def requirements(offer: Ruled, fields: Mapping[str, RuleField]) -> Iterator[Requirement]:
    """What a line must meet, apart from the dates of the offer. Raises Invalid for a rule that no longer holds."""
    if offer.branch is not None:
        at = Q(subscriber__branch__path__startswith=offer.branch.path)
        yield Requirement(at, partial(_only_at, offer.branch))
    if offer.plan is not None:
        yield from _plan_requirements(offer.plan)
    rule = parse(offer.rule, fields=fields)
    parts = rule.rules if rule.combinator == "and" and not rule.negated else (rule,)
    for part in parts:
        group = part if isinstance(part, Group) else Group("and", False, (part,))
        yield Requirement(as_q(group), partial(_not_met, group))


def _only_at(branch: Branch) -> str:
    return _("It is made only at %(branch)s.") % {"branch": branch}


def _not_met(group: Group) -> str:
    return _("Not met: %(rule)s.") % {"rule": format_rule(group)}


def _plan_requirements(plan: Plan) -> Iterator[Requirement]:
    yield Requirement(
        Q(subscriber__line_type=plan.line_type),
        lambda: _("The plan is for another type of line: %(type)s.") % {"type": plan.get_line_type_display()},
    )
    yield Requirement(~Q(subscriber__plan_id=plan.pk), lambda: _("The customer has this plan already."))
    if plan.market == Plan.Market.CONSUMER:
        yield Requirement(~OF_A_FIRM, lambda: _("A consumer plan is not sold to an enterprise or a government office."))
    elif plan.market == Plan.Market.BUSINESS:
        yield Requirement(OF_A_FIRM, lambda: _("A business plan is not sold to a private customer."))


def eligible_lines(offer: Ruled) -> Q:
    """All requirements as one condition over SubscriberProfile. Raises Invalid as requirements()."""
    whole = Q()
    for one in requirements(offer, rule_catalogue()):
        whole &= one.condition
    return whole


def judge(offers: Sequence[Row], *, subscriber_id: int) -> list[Judged[Row]]:
    """Each offer with its amounts for the line and the reasons against it, in the order given; one statement for all,
    of a line that has left one more.

    A line without a profile may be made none; a rule that is no longer valid matches no line.
    """
    if not offers:
        return []
    fields = rule_catalogue()
    asked: dict[Q, str] = {}  # each condition once: offers share many
    wanted: dict[int, list[tuple[str, Callable[[], str]]]] = {}
    broken: dict[int, str] = {}
    for offer in offers:
        try:
            needs = list(requirements(offer, fields))
        except Invalid as problem:  # e.g. a custom field was withdrawn; the offer's page shows the error
            log.warning("offer rule is broken", code=offer.code, why=str(problem.message))
            broken[offer.pk] = _("Its rule no longer holds: %(why)s") % {"why": problem.message}
            continue
        wanted[offer.pk] = [
            (asked.setdefault(need.condition, f"condition_{len(asked)}"), need.otherwise) for need in needs
        ]
    conditions = {key: ExpressionWrapper(one, output_field=BooleanField()) for one, key in asked.items()}
    answers = _answers(SubscriberProfile, subscriber_id, conditions) or _answers(
        LeaverProfile, subscriber_id, conditions
    )
    if answers is None:
        return [Judged(offer, None, (_("The line is new: its facts are counted tonight."),)) for offer in offers]
    fee: Decimal = answers[FEE]
    return [
        Judged(offer, amounts(offer, fee=fee), _reasons(answers, wanted.get(offer.pk, []), broken.get(offer.pk)))
        for offer in offers
    ]


def _answers(
    profiles: type[SubscriberProfile] | type[LeaverProfile], subscriber_id: int, asked: Mapping[str, ExpressionWrapper]
) -> Mapping[str, Any] | None:
    line = profiles.objects.filter(pk=subscriber_id)
    return line.values(**asked, **{FEE: F("subscriber__plan__monthly_fee")}).first()


def best_first(one: Judged) -> tuple[bool, bool, float, Decimal]:
    """The order of offers for one line: those that may be made, then the rest; each by its expected gain, and without
    one by what it is worth to the customer."""
    gain = one.economics.gain if one.economics else None
    return not one.is_eligible, gain is None, -(gain or 0.0), -one.amounts.worth if one.amounts else Decimal(0)


def _reasons(
    answers: Mapping[str, object], wanted: Sequence[tuple[str, Callable[[], str]]], broken: str | None
) -> tuple[str, ...]:
    # A comparison with a missing value is unknown, which is not met.
    missed = tuple(otherwise() for key, otherwise in wanted if not answers[key])
    return (broken, *missed) if broken else missed
