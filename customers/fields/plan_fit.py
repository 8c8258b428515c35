"""How the plan fits the line's use (`customers.tariffs`): rated before the profile is built, from the last three months."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields.base import FROM_ZERO, Area, Kind, ProfileField, Source
from customers.fields.coded_rows import PLANS
from customers.tariffs.models import FitState

PLAN_FIT = Source(
    "plan_fit",
    """
    SELECT f.subscriber_id, {columns}
    FROM customers_planfit f LEFT JOIN customers_plan w ON w.id = f.best_plan_id
    WHERE f.subscriber_id BETWEEN %(lo)s AND %(hi)s AND f.rated_on <= %(as_of)s
    """,
)


def pays_sql(probability: str, best_plan: str, break_even: str) -> str:
    """SQL: whether proposing the better plan earns more than it gives away; NULL without a better plan or a score."""
    return (
        f"CASE WHEN {best_plan} IS NOT NULL AND {probability} IS NOT NULL"
        f" THEN coalesce({probability} >= {break_even}, false) END"
    )


def field(key: str, label: object, kind: Kind, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.CONTRACT, "plan_fit", sql, **more)


SOURCES = [PLAN_FIT]
# No model learns from these: the step that rates runs on the newest night only, so past snapshots lack them, and they
# follow from use and tariff, which models see already.
FIELDS = [
    field("plan_fit", _("Plan fit"), Kind.CHOICE, "f.state", choices=FitState, dimension=True),
    field("plan_fit_months", _("Months the plan was rated on"), Kind.COUNT, "f.months::int", unit=_("months")),
    field("best_plan", _("Best plan for its use"), Kind.CHOICE, "w.code", rows=PLANS, dimension=True),
    field("plan_fit_saving", _("Saving on the best plan, a month"), Kind.MONEY, "f.saving", unit=_("yuan"), measure=True,
          said=_("would pay {value} yuan a month less on the plan that fits its use")),
    field("plan_over_cost", _("Charges over the plan, a month"), Kind.MONEY, "f.over_cost", unit=_("yuan"), measure=True,
          said=_("pays {value} yuan a month on top of the plan's fee")),
    field("plan_over_minutes", _("Minutes over the plan, a month"), Kind.NUMBER, "f.over_minutes::real",
          unit=_("minutes"), measure=True, said=_("calls {value} minutes a month beyond the plan"), limits=FROM_ZERO),
    field("plan_over_data", _("Data over the plan, a month"), Kind.NUMBER, "f.over_mb::real", unit=_("MB"), measure=True,
          said=_("uses {value} MB a month beyond the plan"), limits=FROM_ZERO),
    field("plan_unused_minutes", _("Minutes of the plan unused, a month"), Kind.NUMBER, "f.unused_minutes::real",
          unit=_("minutes"), measure=True, said=_("leaves {value} minutes of the plan unused a month"), limits=FROM_ZERO),
    field("plan_unused_data", _("Data of the plan unused, a month"), Kind.NUMBER, "f.unused_mb::real", unit=_("MB"),
          measure=True, said=_("leaves {value} MB of the plan unused a month"), limits=FROM_ZERO),
    field("plan_fit_break_even", _("Churn probability from which the best plan pays"), Kind.SHARE, "f.break_even::real", limits=FROM_ZERO),
    # Follows the score, which past snapshots do not have either.
    ProfileField("plan_fit_pays", _("Proposing the best plan pays"), Kind.FLAG, Area.RISK, "derived",
                 pays_sql("risk_probability", "best_plan", "plan_fit_break_even"), dimension=True),
]  # fmt: skip
