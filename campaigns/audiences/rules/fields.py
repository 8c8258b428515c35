"""The fields of a rule: those of the catalogue, and the operator's custom fields."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from customers import fields
from customers.facts.models import CustomField
from customers.fields.attributes import ATTRIBUTE_PREFIX as CUSTOM


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
}
AREA_LABELS = {
    fields.Area.IDENTITY: _("Line and customer"),
    fields.Area.CONTRACT: _("Contract and services"),
    fields.Area.USAGE: _("Use"),
    fields.Area.MONEY: _("Spend"),
    fields.Area.EVENTS: _("Events"),
    fields.Area.SERVICE: _("Service"),
    fields.Area.TERMINAL: _("Terminal"),
    fields.Area.SOCIAL: _("Ties and groups"),
    fields.Area.LISTS: _("Lists"),
    fields.Area.RISK: _("Risk"),
    fields.Area.SEGMENT: _("Segments"),
}


@dataclass(frozen=True)
class RuleField:
    """key: its name in rules. choices: (value, label) pairs, empty where any text is allowed."""

    key: str
    label: object
    type: Type
    area: object
    unit: object = ""
    choices: tuple[tuple[str, object], ...] = ()
    is_risk: bool = False

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @property
    def kind(self) -> fields.Kind:
        return KIND_OF_TYPE[self.type]

    @property
    def labels(self) -> dict[str, object]:
        return dict(self.choices)

    @property
    def custom_key(self) -> str:
        """The key inside the profile's `attributes`, empty for a column of the profile."""
        return self.key.removeprefix(CUSTOM) if self.key.startswith(CUSTOM) else ""


def _of_profile(field: fields.ProfileField) -> RuleField:
    return RuleField(
        key=field.key,
        label=field.label,
        type=TYPE_OF_PROFILE_KIND[field.kind],
        area=AREA_LABELS[field.area],
        unit=field.unit,
        choices=tuple(field.choices.choices) if field.choices else (),
        is_risk=field.area == fields.Area.RISK,
    )


PROFILE_FIELDS = {field.key: _of_profile(field) for field in fields.rule_fields()}


def rule_catalogue() -> dict[str, RuleField]:
    """Every field a rule may use, by key. One query, for the custom fields."""
    own = {
        f"{CUSTOM}{field.key}": RuleField(
            f"{CUSTOM}{field.key}", field.title, TYPE_OF_CUSTOM_KIND[CustomField.Kind(field.kind)], _("Own fields")
        )
        for field in CustomField.objects.all()
    }
    return PROFILE_FIELDS | own
