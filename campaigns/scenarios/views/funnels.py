"""A funnel as a page shows it: the chart, the steps with their reasons, and the branches."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.charts import funnel_chart, steps_of
from campaigns.scenarios.models import Scenario, ScenarioHit, ScenarioRun
from campaigns.scenarios.queries.dry_runs import NEW_STAGES
from campaigns.scenarios.queries.funnels import LEFT_OUT, Funnel, by_area, total
from campaigns.scenarios.tables import BranchFunnelTable, FunnelTable
from campaigns.scenarios.text import STEP_WORDS
from retention.core.accounts.models import Branch, User

REFUSED = ScenarioHit.State.REFUSED


def funnel_context(
    *, scenario: Scenario, by_branch: Mapping[int, Funnel], user: User, night: date | None
) -> dict[str, Any]:
    """funnel: the whole; funnel_chart, funnel_table, branch_table. night: of hits that there are, to which the figures
    lead; None for a dry run. Without several branches there is no table of them."""
    whole = total(by_branch)
    areas = by_area(by_branch, scenario=scenario, user=user)
    return {
        "funnel": whole,
        "funnel_chart": funnel_chart(scenario, whole),
        "funnel_table": FunnelTable(_steps(scenario, whole, night)),
        "branch_table": BranchFunnelTable([_area(*one, night) for one in areas]) if len(areas) > 1 else None,
    }


def _steps(scenario: Scenario, whole: Funnel, night: date | None) -> list[dict[str, Any]]:
    rows = [
        _row(_("Lines found"), remain=whole.lines),
        _row(_("Customers"), remain=whole.customers),
    ]
    for reason, left_out, remain in steps_of(scenario, whole):
        href = _hits(night, state=REFUSED) if reason == "refused" else ""
        rows.append(_row(STEP_WORDS[reason][0], number=left_out, remain=remain, href=href))
        if reason == "refused":
            rows += [
                _row(
                    RefusalReason(why).label, number=customers, is_part=True,
                    href=_hits(night, state=REFUSED, reason=why),
                )
                for why, customers in whole.refused.most_common()
            ]  # fmt: skip
    return rows + [
        _row(_done(state), remain=customers, href=_hits(night, state=state) if state in ScenarioHit.State else "")
        for state, customers in whole.done.most_common()
    ]


def _done(state: str) -> str:
    """States of hits, the stages of a dry run, and what only counts."""
    if state == ScenarioRun.COUNTED:
        return _("Counted")
    if state in NEW_STAGES:
        return _("Would be new") if state == NEW_STAGES[0] else _("Found tonight already")
    return str(ScenarioHit.State(state).label)


def _row(label: object, *, number: int | None = None, remain: int | None = None, **more: Any) -> dict[str, Any]:
    return {"label": label, "number": number, "remain": remain, "is_part": False, "href": ""} | more


def _area(branch: Branch, funnel: Funnel, night: date | None) -> dict[str, Any]:
    counts = {reason: funnel.left_out[reason] for reason in LEFT_OUT}
    return counts | {
        "branch": branch.name,
        "lines": funnel.lines,
        "customers": funnel.customers,
        "passed": funnel.passed,
        "href": _hits(night, branch=branch.code),
        "refused_href": _hits(night, branch=branch.code, state=REFUSED),
    }


def _hits(night: date | None, **asked: str) -> str:
    """The address of the hits of that night, below the funnel."""
    return f"?{urlencode({'night': night, 'on': night, **asked})}#hits" if night else ""
