"""The fields of a rule: those of the catalogue, and the operator's custom fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from campaigns.audiences.rules.memberships import MEMBERSHIPS, Membership, NamesOnDemand
from customers import fields
from customers.facts.models import CustomField
from customers.facts.text import SOURCE_CODE_LABELS
from customers.fields.attributes import ATTRIBUTE_PREFIX as CUSTOM
from customers.fields.base import ANY_NUMBER, Limits
from customers.fields.coded_rows import CodedRows, RowNames
from customers.fields.text import AREA_LABELS


class Type(StrEnum):
    """The type of a field's values: how they are parsed, stored and shown."""

    WHOLE = "whole"
    MONEY = "money"
    REAL = "real"
    SHARE = "share"
    DECIMAL = "decimal"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    TEXT = "text"
    MEMBER = "member"


NUMBERS = frozenset({Type.WHOLE, Type.MONEY, Type.REAL, Type.SHARE, Type.DECIMAL})
TYPE_OF_PROFILE_KIND = {
    fields.Kind.NUMBER: Type.REAL,
    fields.Kind.COUNT: Type.WHOLE,
    fields.Kind.DAYS: Type.WHOLE,
    fields.Kind.MONEY: Type.MONEY,
    fields.Kind.SHARE: Type.SHARE,
    fields.Kind.DATE: Type.DATE,
    fields.Kind.FLAG: Type.FLAG,
    fields.Kind.CHOICE: Type.CHOICE,
}
TYPE_OF_CUSTOM_KIND = {
    CustomField.Kind.NUMBER: Type.DECIMAL,
    CustomField.Kind.TEXT: Type.TEXT,
    CustomField.Kind.DATE: Type.DATE,
    CustomField.Kind.FLAG: Type.FLAG,
}
KIND_OF_TYPE = {type: kind for kind, type in TYPE_OF_PROFILE_KIND.items()} | {
    Type.DECIMAL: fields.Kind.NUMBER,
    Type.TEXT: fields.Kind.TEXT,
    Type.MEMBER: fields.Kind.TEXT,
}


@dataclass(frozen=True)
class RuleField:
    """key: its name in rules. choices: (value, label) pairs of a closed list of codes.

    rows: what its values are the codes of, where it names rows. names: {code: name} of those, or of the usual codes of
    source systems where a field has no closed list. limits: the least and the most it can be. baseline: the key of the
    field that holds what is usual for the line. membership: where other tables answer it.
    """

    key: str
    label: object
    type: Type
    area: object
    unit: object = ""
    choices: tuple[tuple[str, object], ...] = ()
    is_risk: bool = False
    is_of_leaving: bool = False
    rows: CodedRows | None = None
    names: Mapping[str, object] = field(default_factory=dict, compare=False)
    limits: Limits = ANY_NUMBER
    baseline: str = ""
    membership: Membership | None = None

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @property
    def kind(self) -> fields.Kind:
        return KIND_OF_TYPE[self.type]

    @property
    def labels(self) -> Mapping[str, object]:
        return dict(self.choices) if self.choices else self.names

    @property
    def has_open_values(self) -> bool:
        """Whether its values are words without a closed list: names of rows, codes of source systems, own texts."""
        return self.type in {Type.CHOICE, Type.TEXT, Type.MEMBER} and not self.choices

    @property
    def custom_key(self) -> str:
        """The key inside the profile's `attributes`, empty for a column of the profile."""
        return self.key.removeprefix(CUSTOM) if self.key.startswith(CUSTOM) else ""


def _of_profile(column: fields.ProfileField) -> RuleField:
    is_open = column.kind == fields.Kind.CHOICE and not column.choices and not column.rows
    return RuleField(
        key=column.key,
        label=column.label,
        type=TYPE_OF_PROFILE_KIND[column.kind],
        area=AREA_LABELS[column.area],
        unit=column.unit,
        choices=tuple(column.choices.choices) if column.choices else (),
        is_risk=column.area == fields.Area.RISK,
        is_of_leaving=column.area == fields.Area.LEAVING,
        rows=column.rows,
        names=SOURCE_CODE_LABELS if is_open else {},
        limits=column.bounds,
        baseline=column.baseline,
    )


def _of_membership(key: str, one: Membership) -> RuleField:
    """A list of codes, or a flag for a plain yes or no."""
    return RuleField(
        key=key,
        label=one.label,
        type=Type.MEMBER if one.code else Type.FLAG,
        area=one.area,
        is_risk=one.is_risk,
        names=NamesOnDemand(one.names),
        membership=one,
    )


PROFILE_FIELDS = {field.key: _of_profile(field) for field in fields.rule_fields()}


def rule_catalogue() -> dict[str, RuleField]:
    """Every field a rule may use, by key. One query, for the custom fields; names of rows are read when first said."""
    own = {
        f"{CUSTOM}{one.key}": RuleField(
            f"{CUSTOM}{one.key}", one.title, TYPE_OF_CUSTOM_KIND[CustomField.Kind(one.kind)], _("Own fields")
        )
        for one in CustomField.objects.all()
    }
    named = {key: replace(one, names=RowNames(one.rows)) for key, one in PROFILE_FIELDS.items() if one.rows}
    members = {key: _of_membership(key, one) for key, one in MEMBERSHIPS.items()}
    return PROFILE_FIELDS | named | members | own
