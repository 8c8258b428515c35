"""Declaration of a profile field. Rules, models, pages and the API read this declaration."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.fields.coded_rows import CodedRows

NUMBER_KINDS = frozenset({"number", "count", "money", "share", "days"})


class Kind(StrEnum):
    NUMBER = "number"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DAYS = "days"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    TEXT = "text"


class Area(StrEnum):
    """The part of the source data a field comes from."""

    IDENTITY = "identity"
    CONTRACT = "contract"
    USAGE = "usage"
    MONEY = "money"
    EVENTS = "events"
    SERVICE = "service"
    TERMINAL = "terminal"
    SOCIAL = "social"
    LISTS = "lists"
    LEAVING = "leaving"
    RISK = "risk"
    SEGMENT = "segment"


# Written by a night after the profile: not facts of a date, so that snapshots do not hold them.
LATER_AREAS = frozenset({Area.RISK, Area.SEGMENT})


class Feed(models.TextChoices):
    """Deliveries that a night waits for (`customers.profile.checks`); the values are names of resources, or `risk`."""

    USAGE_DAYS = "usage-days", _("daily usage")
    BILLS = "bills", _("bills")
    TOPUPS = "payments", _("top-ups")
    BALANCES = "balances", _("balances")
    RISK = "risk", _("risk scores")


# The least and the most that a field can be, None where it is open: what a rule asks beyond them is a mistake.
Limits = tuple[float | None, float | None]
ANY_NUMBER: Limits = (None, None)
FROM_ZERO: Limits = (0, None)
SHARE_OF_ALL: Limits = (0, 1)
CHANGE: Limits = (-1, 9.99)


class ThemeKey(StrEnum):
    """The business reasons that factors add up to. Their texts are in `customers.risk.text.themes`."""

    USAGE = "usage"
    PRICE = "price"
    CONTRACT = "contract"
    SERVICE = "service"
    NETWORK = "network"
    RIVAL = "rival"
    PAYMENT = "payment"
    HANDSET = "handset"
    GROUP = "group"
    JOINING = "joining"
    PROFILE = "profile"
    OWN = "own"


@dataclass(frozen=True)
class Source:
    """One pass over one fact table for a block of subscribers.

    sql: a SELECT that yields `subscriber_id` and, at {columns}, the fields of this source. Parameters: as_of,
    lo, hi (subscriber ids, inclusive) and those of `customers.profile.queries.windows.Windows`.
    feeds: what must have arrived before its fields may be trusted (`customers.fields.feeds`).
    keys: columns that the profile takes from it beside the fields.
    """

    name: str
    sql: str
    feeds: tuple[Feed, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProfileField:
    """One column of the profile, declared once.

    sql: an expression over the source's rows, or, for source "derived", over the other columns of the profile.
    rows: what its values are the codes of, where it names rows.
    absent: the value of a line without a row in the source (SQL), e.g. no tickets are 0 complaints.
    theme: the business reason it belongs to; every field that a model learns from has one.
    said: the fact as an agent may phrase it, with {value}; `said_negative` is used for values below zero,
    `said_one` for exactly 1.
    a_day_later: what a day adds to a number of days: 1 to those since something, -1 to those until something.
    limits: what its values can be; counts and days begin at 0 by themselves.
    baseline: the field that holds what is usual for this line; a rule may ask for a part of it.
    """

    key: str
    label: object
    kind: Kind
    area: Area
    source: str
    sql: str
    unit: object = ""
    choices: type[models.TextChoices] | None = None
    rows: CodedRows | None = None
    rule: bool = True
    dimension: bool = False
    measure: bool = False
    model: bool = False
    indexed: bool = False
    absent: str = "NULL"
    said: object = ""
    said_negative: object = ""
    said_one: object = ""
    sayable: bool = True
    a_day_later: int = 0
    limits: Limits | None = None
    baseline: str = ""
    theme: ThemeKey | None = None

    @property
    def labels(self) -> dict[str, object]:
        """Labels of its codes; empty where the operator's systems make the codes."""
        return dict(self.choices.choices) if self.choices else {}

    @property
    def bounds(self) -> Limits:
        """What its values can be."""
        if self.limits is not None:
            return self.limits
        return FROM_ZERO if self.kind in {Kind.COUNT, Kind.DAYS} else ANY_NUMBER

    def as_model_field(self, *, indexed: bool = True) -> models.Field:
        options: dict = {"null": True, "db_index": self.indexed and indexed, "verbose_name": self.label}
        match self.kind:
            case Kind.COUNT | Kind.DAYS:
                return models.IntegerField(**options)
            case Kind.MONEY:
                return models.DecimalField(max_digits=12, decimal_places=2, **options)
            case Kind.NUMBER | Kind.SHARE:
                return RealField(**options)
            case Kind.DATE:
                return models.DateField(**options)
            case Kind.FLAG:
                return models.BooleanField(**options)
            case Kind.CHOICE:
                return models.CharField(max_length=60, **options)
        raise ValueError(self.kind)

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBER_KINDS


def since(last: str) -> str:
    """SQL of the days from an instant to the date of the profile, by the operator's calendar."""
    return f"%(as_of)s::date - (({last}) AT TIME ZONE %(zone)s)::date"


class RealField(models.FloatField):
    """Four bytes are enough for shares and ratios, and the profile is read whole."""

    def db_type(self, connection: object) -> str:
        return "real"
