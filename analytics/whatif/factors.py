"""The strongest factors of one line as adjustable values: label, value, range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from analytics.churn.learners.columns import Column
from analytics.churn.learners.columns import Kind as ColumnKind
from analytics.churn.learners.model import ChurnModel, Explained
from customers.fields import FIELDS, Kind, ProfileField
from customers.fields.text import SETTING, field_label, format_number

FACTOR_COUNT = 12
CURVE_POINTS = 20
PERCENT = 100
YES, NO = "t", "f"
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Factor:
    """A factor of the line. value: as the model reads it, None for a blank; text: as in the form (shares in
    percent); choices: of a factor that is not a number; low, high: the usual range of a number, as the model reads it.
    """

    key: str
    label: str
    value: Any
    text: str
    unit: str = ""
    scale: float = 1
    choices: Sequence[tuple[str, str]] = ()
    low: float = 0
    high: float = 1

    @property
    def is_number(self) -> bool:
        return not self.choices

    def read(self, text: str) -> Any:
        """The form's text as the model's value: a number, a level's text, or None. ValueError for an invalid number."""
        if not text.strip():
            return None
        return float(text) / self.scale if self.is_number else text

    def format_value(self, value: Any) -> str:
        """A value of this factor as text."""
        if value is None:
            return _("not known")
        if not self.is_number:
            return dict(self.choices).get(value, str(value))
        return format_number(FIELDS.get(self.key), value, SETTING)

    def steps(self) -> list[Any]:
        """Values over its whole range, including the current one."""
        if not self.is_number:
            return [value for value, _label in self.choices if value]
        found = [float(step) for step in np.linspace(self.low, self.high, CURVE_POINTS)]
        return sorted({*found, *([] if self.value is None else [float(self.value)])})


def strongest(
    frame: pd.DataFrame, model: ChurnModel, found: Explained, reference: Mapping[str, Any], count: int = FACTOR_COUNT
) -> list[Factor]:
    """The factors with the largest contributions, up or down, to the frame's single row."""
    added = found.contributions[:, 0]
    order = [place for place in np.argsort(-np.abs(added))[:count] if abs(added[place]) > 0]
    usual = reference.get("features", {})
    return [_factor(model.plan.columns[place], frame, usual.get(model.plan.columns[place].name, {})) for place in order]


def _factor(column: Column, frame: pd.DataFrame, usual: Mapping[str, Any]) -> Factor:
    field = FIELDS.get(column.name)
    raw = frame[column.name].iloc[0]
    value = None if pd.isna(raw) else raw
    label = field_label(column.name)
    if column.kind != ColumnKind.NUMBER or (field and not field.is_number):
        present = None if value is None else str(value)
        return Factor(column.name, label, present, present or "", choices=_choices(field, column, present))
    scale, unit = (PERCENT, "%") if field and field.kind == Kind.SHARE else (1, str(field.unit) if field else "")
    number = None if value is None else float(value)
    low, high = _range(field, usual.get("edges", []), number)
    text = "" if number is None else f"{number * scale:.4g}"
    return Factor(column.name, label, number, text, unit, scale, low=low, high=high)


def _choices(field: ProfileField | None, column: Column, present: str | None) -> Choices:
    if field and field.kind == Kind.FLAG:
        return [("", _("not known")), (YES, _("yes")), (NO, _("no"))]
    named = {key: str(label) for key, label in field.labels.items()} if field else {}
    levels = dict.fromkeys([*named, *column.levels, *([present] if present else [])])
    return [("", _("not known")), *((level, named.get(level, level)) for level in levels if level)]


def _range(field: ProfileField | None, edges: Sequence[float], value: float | None) -> tuple[float, float]:
    """The range from the bins of the model monitoring; without them around the value. Always includes the value."""
    known = [float(edge) for edge in edges]
    if not known:
        width = abs(value or 0) or 1.0
        is_share = field is not None and field.kind == Kind.SHARE
        known = [-1.0, 1.0] if is_share else [0.0, 2 * width]
    if value is not None:
        known.append(value)
    low, high = min(known), max(known)
    return (low, high) if high > low else (low, low + 1)
