"""Campaigns of the demo: one that agents work on, with its control group, and one that waits for approval."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.audiences.defaults import IN_SERVICE, ask, rule
from campaigns.campaigns.models import Campaign, CampaignPlan
from campaigns.campaigns.services.approval import approve, submit, try_campaign
from campaigns.campaigns.services.execution import advance_campaigns, launch
from campaigns.campaigns.services.freezing import freeze_audience
from campaigns.campaigns.services.plans import save_plan
from campaigns.campaigns.states import State
from campaigns.offers.models import Offer
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.managed.services import create
from retention.portal.services.working_days import at_hour
from workorders.orders.services.campaign_opening import open_from_campaigns

RUNNING, IN_APPROVAL = "renewal-season", "digital-package"
WEEKS = 4
PLAN = {"branch": None, "goal": "合约到期前续约 / renew before contracts end", "planned_kept": 60, "budget": 30_000}
CAMPAIGNS: dict[str, dict[str, Any]] = {
    RUNNING: {
        "name": "Renewal season", "name_zh": "续约季",
        "goal": "Renew contracts that end in the coming three months, before a rival asks.",
        "rule": rule(IN_SERVICE, ask("contract_days_left", "between", [1, 90])),
        "order_type": "renewal", "purpose": "renewal", "priority": 3, "control_percent": 20, "contact_cost": 4,
        "budget": 20_000, "daily_cap": 40, "planned_kept": 20, "offer_codes": ["renew-short", "gift-data"],
        "script": "{customer}, your contract ends soon. We would like to go on with you, on better terms.",
        "script_zh": "{customer}您好，您的合约即将到期，我们为您准备了更优惠的续约方案。",
    },
    IN_APPROVAL: {
        "name": "Data packages for heavy users", "name_zh": "流量包升级活动",
        "goal": "Offer a larger plan to those whose data is used up before the month ends.",
        "rule": rule(IN_SERVICE, ask("line_type", "=", "mobile"), ask("arpu", ">=", 60)),
        "order_type": "opportunity", "purpose": "marketing", "control_percent": 30, "contact_cost": 4,
        "budget": 50_000, "wave_size": 200, "offer_codes": ["plan-roomy"],
    },
}  # fmt: skip


def run_demo_campaign(*, day: date) -> int:
    """Plan, approve, freeze and launch the running campaign at eight on its first day, and open what is due on every
    day. Returns the orders opened."""
    now = at_hour(day, 8)
    with clock.freeze(now):
        launch_planned(RUNNING, CAMPAIGNS[RUNNING], day=day, now=now)
        advance_campaigns(now=now)
        return open_from_campaigns(now=now).opened


def launch_planned(code: str, values: Mapping[str, Any], *, day: date, now: datetime) -> Campaign:
    """From the plan to the launch by the manager, with the approval of somebody else; what is done already is kept."""
    manager, admin = person("manager"), person("admin")
    row = _planned(code, values, manager, day)
    moves = {
        State.TEST: lambda: submit(actor=manager, number=_number(row), now=now, **_seen(row)),
        State.SUBMITTED: lambda: approve(actor=admin, **_seen(row)),
        State.APPROVED: lambda: freeze_audience(actor=manager, now=now, **_seen(row)),
        State.FROZEN: lambda: launch(actor=manager, now=now, **_seen(row)),
    }
    while move := moves.get(State(row.state)):
        row = move()
    return row


def submit_demo_campaign(*, day: date) -> int:
    """The other campaign, tested and submitted by the manager on a day; 1 when it was not before."""
    now = at_hour(day, 10)
    with clock.freeze(now):
        manager = person("manager")
        row = _planned(IN_APPROVAL, CAMPAIGNS[IN_APPROVAL], manager, day)
        if row.state != State.TEST:
            return 0
        submit(actor=manager, number=_number(row), now=now, **_seen(row))
    return 1


def _planned(code: str, values: Mapping[str, Any], manager: User, day: date) -> Campaign:
    """Written and tested, unless it has gone on already."""
    quarter = {"year": day.year, "quarter": (day.month + 2) // 3, "branch": None}
    plan = CampaignPlan.objects.filter(**quarter).first() or save_plan(actor=manager, values=PLAN | quarter)
    row = Campaign.objects.filter(code=code).first()
    if row is None:
        known = set(Offer.objects.on_sale(day).values_list("code", flat=True))
        given: dict[str, Any] = {"plan": plan, "starts_on": day, "ends_on": day + timedelta(weeks=WEEKS)} | dict(values)
        given["offer_codes"] = offers = [one for one in given.get("offer_codes", []) if one in known]
        given["draw_offers"] = given.get("draw_offers", False) and len(offers) > 1
        row = create(model=Campaign, actor=manager, code=code, values=given)
    if row.state == State.DRAFT:
        row = try_campaign(actor=manager, now=clock.now(), **_seen(row))
    return row


def person(username: str) -> User:
    return User.objects.get(username=username)


def _seen(row: Campaign) -> dict[str, Any]:
    return {"code": row.code, "version": row.version}


def _number(row: Campaign) -> int:
    """What a manager types who submits an audience of much of the base."""
    return int(row.test["customers"])
