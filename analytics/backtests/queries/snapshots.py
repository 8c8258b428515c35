"""A rule over the snapshot of a month end.

A snapshot has the columns of the profile but those that are computed from it: scores are joined from the night of the
month end, places in the segmentation from the month ends that are kept.
"""

from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from analytics.backtests.queries.scope import Scope
from campaigns.audiences.rules import Group, as_q, fields_of
from campaigns.audiences.rules.conditions import Takes
from campaigns.segments.models import SegmentMonth
from customers import fields
from customers.fields.base import RealField
from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import ProfileSnapshot
from customers.risk.models import RiskScore
from retention.core.db.copy import copy_out
from retention.core.errors import Invalid

SCORE, PLACE = "score_then", "place_then"
LATER_COLUMNS: dict[str, Any] = {
    # In the profile it has four bytes: a bound of 0.3 must mean the same in both.
    "risk_probability": Cast(F(f"{SCORE}__probability"), RealField()),
    "risk_decile": F(f"{SCORE}__decile"),
    "risk_tier": F(f"{SCORE}__tier"),
    "expected_gain": F(f"{SCORE}__expected_gain"),
    "segment": F(f"{PLACE}__segment"),
    "segment_need": F(f"{PLACE}__segment_need"),
}
LATER_FIELDS = {key for key, one in fields.FIELDS.items() if one.area in fields.LATER_AREAS}
SCORES = {key for key in LATER_FIELDS if fields.FIELDS[key].area == fields.Area.RISK}
HIT_COLUMNS = {
    "line": F("subscriber_id"),
    "branch": F("subscriber__branch_id"),
    "customer": F("subscriber__account__customer_id"),
    "ended_on": F("subscriber__terminated_on"),
    "reason": F("subscriber__termination_reason"),
    "monthly_spend": MONTHLY_SPEND,
}
HIT_FIELDS = ("line_type", "tenure_cohort")


def require_known(tree: Group) -> None:
    """Invalid, naming the field, where a rule reads what no month end keeps."""
    for field in fields_of(tree):
        if field.key in LATER_FIELDS - LATER_COLUMNS.keys():
            text = _("It cannot be back-tested because it uses “%(field)s”, which no month end keeps.")
            raise Invalid(text % {"field": field.label}, details=[{"field": field.key, "code": "not_kept"}])


def why_not(tree: Group, day: date) -> str:
    """Why a month end says nothing of the rule, in words: a fact that it stands on was not known then. "" if it does.

    A column that is empty for every line is of a field that came later, or of a feed that had not come.
    """
    used = {field.key: field for field in fields_of(tree)}
    if SCORES & used.keys() and not RiskScore.objects.filter(as_of=day).exists():
        return _("There are no scores of that night.")
    if (LATER_FIELDS - SCORES) & used.keys() and not SegmentMonth.objects.filter(month=day).exists():
        return _("The places in the segmentation of that day were not kept.")
    asked = {c.field.key for c in tree.conditions() if c.operator.takes != Takes.NOTHING}
    for key in [one for one in used if one in asked and one not in LATER_FIELDS]:
        own = used[key].custom_key
        known = {"attributes__has_key": own} if own else {f"{key}__isnull": False}
        if not ProfileSnapshot.objects.filter(as_of=day, **known).exists():
            return _("No line has a value of “%(field)s” on that day.") % {"field": used[key].label}
    return ""


def matching(tree: Group, day: date, scope: Scope, condition: Q | None = None) -> QuerySet[ProfileSnapshot]:
    """The rows of the month end that the rule holds for; condition: in place of the rule's own."""
    rows = ProfileSnapshot.objects.filter(as_of=day)
    used = {field.key for field in fields_of(tree)} & LATER_FIELDS
    if used & SCORES:
        relation = FilteredRelation("subscriber__risk_scores", condition=Q(subscriber__risk_scores__as_of=day))
        rows = rows.annotate(**{SCORE: relation})
    if used - SCORES:
        relation = FilteredRelation("subscriber__segment_months", condition=Q(subscriber__segment_months__month=day))
        rows = rows.annotate(**{PLACE: relation})
    rows = rows.annotate(**{key: LATER_COLUMNS[key] for key in used})
    return rows.filter(as_q(tree) if condition is None else condition, **scope.filters("subscriber__"))


def hits(tree: Group, day: date, scope: Scope, *, condition: Q | None = None) -> pd.DataFrame:
    """A row a line: HIT_FIELDS and HIT_COLUMNS, spend as a number, `ended_on` as days since the month end."""
    rows = matching(tree, day, scope, condition).values(*HIT_FIELDS, **HIT_COLUMNS)
    found = copy_out(rows, types={"monthly_spend": pa.float64()}).to_pandas()
    found["after"] = (pd.to_datetime(found.pop("ended_on")) - pd.Timestamp(day)).dt.days
    return found
