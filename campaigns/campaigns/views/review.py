"""What a campaign comes to before it runs: its funnel, power, cost, gain, and load on the agents."""

from datetime import datetime
from typing import Any

from campaigns.campaigns.forms import STEP_LABELS, STEPS
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.queries.funnels import CampaignFunnel, campaign_funnel
from campaigns.campaigns.queries.previews import overlaps_of
from campaigns.campaigns.rules import ASKED_SHARE
from campaigns.campaigns.services.approval import check_ready, cost_of
from campaigns.campaigns.states import FROZEN_STATES
from campaigns.campaigns.tables import StepTable
from campaigns.campaigns.text import funnel_steps, power_of
from campaigns.experiments.text import format_visibility
from campaigns.scenarios.forecasts import COSTS, WORKLOADS, Forecast
from retention.core.accounts.models import User
from retention.core.errors import Invalid


def review_context(campaign: Campaign, *, user: User, now: datetime) -> dict[str, Any]:
    """`trouble`: why it cannot run, with the step of the wizard where that is mended; else the figures as of now."""
    try:
        check_ready(campaign)
        funnel = campaign_funnel(campaign, now=now)
    except Invalid as problem:
        return {"trouble": str(problem), "mended_at": _step_of(problem)}
    if funnel is None:
        return {"trouble": ""}
    return figures_of(campaign, funnel, user=user, now=now) | {
        "others": overlaps_of(campaign, user=user) if campaign.state not in FROZEN_STATES else []
    }


def _step_of(problem: Invalid) -> dict[str, str]:
    """{"step", "label"} of the step that has the field in question; {} for none."""
    fields = {detail.get("field") for detail in problem.details or []}
    found = (step for step, names in STEPS.items() if fields & set(names))
    return next(({"step": step, "label": STEP_LABELS[step]} for step in found), {})


def figures_of(campaign: Campaign, funnel: CampaignFunnel, *, user: User, now: datetime) -> dict[str, Any]:
    """Of a funnel as it stands or as it was tested."""
    cost = cost_of(campaign, funnel.contacted)
    if cost is None and "contacts" in COSTS:
        cost = COSTS["contacts"](funnel.contacts)
    workload = WORKLOADS["orders"](user=user, now=now) if "orders" in WORKLOADS else None
    power = power_of(people=funnel.members, control_percent=campaign.control_percent, base_rate=funnel.base_rate)
    return {
        "funnel": funnel,
        "steps_table": StepTable(funnel_steps(funnel)),
        "forecast": Forecast(funnel.contacted, funnel.gain, cost, workload),
        "power": format_visibility(power) if power else "",
        "asks_number": funnel.share > ASKED_SHARE,
        "over_budget": cost is not None and campaign.budget is not None and cost > campaign.budget,
    }
