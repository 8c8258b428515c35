from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from customers import fields
from customers.credit.rules import CARDS, FACTORS, level_bounds
from customers.credit.text import format_bands
from customers.fields import loyalty
from customers.fields.base import ProfileField

HEAD = """# Glossary: every field of the profile

Made by `manage.py glossary` from the field catalogue (`customers/fields/`); do not edit by hand.
Uses: R rule, D dimension, M measure, F model feature.
"""
CREDIT_HEAD = """
## Credit: the points card

The points of an account's card add up to its `credit_score` ([0018](decisions/0018-credit-as-a-points-card.md)).

| factor | 中文 | card | bands: points |
| --- | --- | --- | --- |"""
LEVEL_HEAD = ["", "| level | 中文 | score |", "| --- | --- | --- |"]
LOYALTY_HEAD = """
## Loyalty: the points card

The first line of a part that holds gives its points; they add up to `loyalty_score` (`customers/fields/loyalty.py`).

| part | where | points |
| --- | --- | --- |"""
TABLE_HEAD = ["| field | English | 中文 | kind | unit | uses |", "| --- | --- | --- | --- | --- | --- |"]


class Command(BaseCommand):
    help = "Write docs/glossary.md from the field catalogue; --check only says whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: object, check: bool, **options: object) -> None:
        target = Path(settings.BASE_DIR) / "docs" / "glossary.md"
        text = glossary()
        if check:
            if not target.exists() or target.read_text() != text:
                raise SystemExit("docs/glossary.md is behind the catalogue: run manage.py glossary")
            return
        target.write_text(text)


def glossary() -> str:
    """The catalogue as Markdown, one table an area, labels in both languages; then the cards of credit and loyalty."""
    parts = [HEAD]
    for area in fields.Area:
        rows = [field for field in fields.FIELDS.values() if field.area == area]
        parts += [f"\n## {area.value}\n", *TABLE_HEAD]
        parts += [_row(field) for field in rows]
    return "\n".join([*parts, *_credit_card(), *_loyalty_card()]) + "\n"


def _row(field: ProfileField) -> str:
    with translation.override("en"):
        label, unit = str(field.label), str(field.unit)
    allowed = zip("RDMF", (field.rule, field.dimension, field.measure, field.model), strict=True)
    uses = "".join(letter for letter, on in allowed if on)
    return f"| `{field.key}` | {label} | {_in_chinese(field.label)} | {field.kind.value} | {unit} | {uses} |"


def _credit_card() -> list[str]:
    rows = [CREDIT_HEAD]
    for factor in FACTORS.values():
        cards = ", ".join(card for card, factors in CARDS.items() if factor in factors)
        with translation.override("en"):
            bands = "; ".join(f"{values}: {points}" for values, points in format_bands(factor))
            label = str(factor.label)
        rows.append(f"| {label} | {_in_chinese(factor.label)} | {cards} | {bands} |")
    rows += LEVEL_HEAD
    for level, low, high in level_bounds():
        rows.append(f"| {level.value} | {_in_chinese(level.label)} | {low} to {high} |")
    return rows


def _loyalty_card() -> list[str]:
    rows = [f"| {part} | `{test}` | {points} |" for part, steps in loyalty.CARD.items() for test, points in steps]
    floors = ", ".join(f"{level.value} from {floor}" for level, floor in loyalty.LEVEL_FLOORS.items())
    return [LOYALTY_HEAD, *rows, f"\nLevels: {floors}."]


def _in_chinese(text: object) -> str:
    with translation.override("zh-hans"):
        return str(text)
