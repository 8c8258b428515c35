"""Tables for the learner: profiles and snapshots copied out, typed by the catalogue."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.churn.learners.calibration import Cohorts
from analytics.churn.models import Meaning
from analytics.churn.queries.definitions import Outcome, outcomes_of
from analytics.churn.queries.label_sql import LABEL_SQL, OUTCOMES_TABLE, find_outcomes
from customers import fields
from customers.facts.models import Account, Customer, CustomField, Subscriber
from customers.fields.attributes import ATTRIBUTE_PREFIX
from customers.fields.cohorts import COHORT_EDGES_IN_MONTHS
from customers.fields.spend import given_up_sql, monthly_spend_sql
from customers.profile.models import ProfileSnapshot, SubscriberProfile
from customers.profile.services.build import subscriber_blocks
from retention.core.db.copy import copy_out

# Lines that are silent or stopped already cannot be retained. Training leaves them out (`label_sql.JUDGED`), so a score
# of theirs would be a guess, and such guesses would fill the top of the list.
SCORED = (
    "NOT coalesce(c.profiling_opt_out, false) AND p.status <> 'terminated'"
    f" AND NOT {given_up_sql('p')} AND NOT coalesce(p.stopped_now, false)"
)


def feature_columns() -> dict[str, str]:
    """{factor: SQL expression}: the catalogue's model fields, then the operator's own."""
    columns = {field.key: f"p.{field.key}" for field in fields.model_fields()}
    for custom in CustomField.objects.order_by("key"):
        columns[f"{ATTRIBUTE_PREFIX}{custom.key}"] = f"p.attributes ->> '{custom.key}'"
    return columns


def labelled(
    *,
    snapshot: date,
    outcome: Outcome | None = None,
    meaning: str = Meaning.LEAVES,
    columns: Sequence[str] | None = None,
    every: int = 1,
) -> pd.DataFrame:
    """Every line of a snapshot that carries a label: subscriber_id, customer_id, left, tenure_cohort, the features.

    left: 1 for churn in that meaning, by the operator's definitions or by the `outcome` given. columns: the features
    to read, all when None. every: one line of so many, the same at every date.
    """
    find_outcomes(snapshot=snapshot, outcomes=[outcome] if outcome else outcomes_of(meaning))
    known = feature_columns()
    wanted = known if columns is None else {name: known[name] for name in columns}
    select = "".join(f', {sql} AS "{name}"' for name, sql in wanted.items())
    return copy_out(
        f"SELECT f.subscriber_id, a.customer_id, {LABEL_SQL} AS left, p.tenure_cohort{select} FROM {OUTCOMES_TABLE} f"
        f" JOIN {Subscriber._meta.db_table} s ON s.id = f.subscriber_id"
        f" JOIN {Account._meta.db_table} a ON a.id = s.account_id"
        f" JOIN {ProfileSnapshot._meta.db_table} p ON p.subscriber_id = f.subscriber_id AND p.as_of = %(snapshot)s"
        f" WHERE {LABEL_SQL} IS NOT NULL AND mod(abs(hashint8(f.subscriber_id)::bigint), %(every)s) = 0"
        " ORDER BY f.subscriber_id",
        {"snapshot": snapshot, "every": every},
        types=_types(),
    ).to_pandas()


# Columns that a table to be scored has besides the features.
SCORED_WITH = ("subscriber_id", "tenure_cohort", "monthly_spend")


def to_score(*, as_of: date, size: int = 50_000) -> Iterator[pd.DataFrame]:
    """The live profiles of a date in blocks of lines, see `to_score_between`; empty blocks are skipped."""
    for low, high in subscriber_blocks(size):
        frame = to_score_between(as_of=as_of, low=low, high=high)
        if len(frame):
            yield frame


def to_score_between(*, as_of: date, low: int, high: int) -> pd.DataFrame:
    """Live profiles of a range of lines: subscriber_id, tenure_cohort, monthly_spend, features."""
    select = ", ".join(f'{sql} AS "{name}"' for name, sql in feature_columns().items())
    return copy_out(
        f"SELECT p.subscriber_id, p.tenure_cohort, coalesce({monthly_spend_sql('p')}, 0) AS monthly_spend, {select}"
        f" FROM {SubscriberProfile._meta.db_table} p JOIN {Customer._meta.db_table} c ON c.id = p.customer_id"
        f" WHERE p.as_of = %(as_of)s AND p.subscriber_id BETWEEN %(low)s AND %(high)s AND {SCORED}"
        " ORDER BY p.subscriber_id",
        {"as_of": as_of, "low": low, "high": high},
        types=_types(),
    ).to_pandas()


def _types() -> dict[str, pa.DataType]:
    own = {f"{ATTRIBUTE_PREFIX}{key}": pa.string() for key in CustomField.objects.values_list("key", flat=True)}
    known = {
        "subscriber_id": pa.int64(),
        "customer_id": pa.int64(),
        "left": pa.int8(),
        "tenure_cohort": pa.string(),
        "monthly_spend": pa.float64(),
    }
    return own | known | {field.key: _type_of(field) for field in fields.model_fields()}


def _type_of(field: fields.ProfileField) -> pa.DataType:
    """Flags become 0 and 1 with gaps, which is what trees split on."""
    return pa.float32() if field.is_number else pa.string()


COHORTS = Cohorts("tenure_months", COHORT_EDGES_IN_MONTHS)
NOT_FEATURES = ["subscriber_id", "customer_id", "left", "tenure_cohort"]


def features(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=NOT_FEATURES)


def training_rows(months: Sequence[tuple[date, pd.DataFrame]]) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """All the months' rows below one another: (features, label, customer_id).

    The customer is the group that stays in one fold: lines of one customer look alike and often leave together.
    """
    rows = pd.concat([frame for _end, frame in months], ignore_index=True)
    return features(rows), rows["left"].to_numpy(dtype=np.float64), rows["customer_id"].to_numpy()
