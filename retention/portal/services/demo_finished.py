"""Two campaigns of the demo that are over: calls with offers, which kept customers, and text messages, which did not.

They are run on the operator as billing knew it on a month end. What agents told whom decides who leaves afterwards:
the operator is simulated again with these treatments, and the result page reads nothing but its facts.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from campaigns.audiences.defaults import IN_SERVICE, ask, rule
from campaigns.campaigns.models import Campaign
from campaigns.campaigns.services.execution import advance_campaigns, evaluate
from campaigns.campaigns.services.messaging import message_from_campaigns
from campaigns.campaigns.states import State
from campaigns.messages.gateways.base import ReceiptRow
from campaigns.messages.models import Message, MessageTemplate
from campaigns.messages.services.receipts import record_receipts
from campaigns.messages.services.sending import send_for
from campaigns.messages.states import State as MessageState
from retention.core import clock
from retention.core.managed.services import move_state, switch
from retention.core.managed.states import Move as Approval
from retention.core.managed.states import State as Approved
from retention.portal.services.demo_campaigns import launch_planned, person
from retention.portal.services.working_days import at_hour, work_orders
from retention.simulator import Treatment, line_indexes
from retention.simulator.parameters import day_number
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.origins import OriginKind
from workorders.orders.services.campaign_opening import open_from_campaigns
from workorders.orders.states import OPEN

CALLED, TEXTED, TEMPLATE = "signs-of-leaving", "contract-reminder", "contract-end"
# What agents send during a call.
TEMPLATES_OF_CALLS = ("appointment", "offer-accepted")
# The verdict stands on so many days after the launch, and a day more.
MEASURED_DAYS = 91
LASTS = timedelta(days=13)
CALLING_DAYS = 8
# The offers of the demo's campaign are as good as so many ordinary ones.
STRENGTH = 5.0
# One receipt in so many says that the telephone was never reached.
UNDELIVERED_EVERY = 25
CAMPAIGNS: dict[str, dict[str, Any]] = {
    CALLED: {
        "name": "Signs of leaving, free to go", "name_zh": "离网征兆客户挽留",
        "goal": "Keep customers without a long contract who call a competitor or use their line far less.",
        "rule": rule(
            IN_SERVICE,
            ask("line_type", "=", "mobile"),
            rule(ask("contract_days_left", "null", None), ask("contract_days_left", "<=", 60), combinator="or"),
            rule(
                ask("forwarded_rival_recent", ">=", 1),
                ask("rival_hotline_recent", ">=", 1),
                ask("use_change", "<=", -0.4),
                combinator="or",
            ),
        ),
        "order_type": "churn_retention", "purpose": "retention", "priority": 2, "control_percent": 50,
        "contact_cost": 6, "budget": 20_000, "pace": "at_once", "planned_kept": 15,
        "offer_codes": ["renew-long", "gift-data"], "draw_offers": True,
    },
    TEXTED: {
        "name": "Reminder before the contract ends", "name_zh": "合约到期短信提醒",
        "goal": "Find out whether a text message alone makes customers renew.",
        "rule": rule(IN_SERVICE, ask("line_type", "=", "mobile"), ask("contract_days_left", "between", [1, 60])),
        "channel": "sms", "template": TEMPLATE, "purpose": "renewal", "priority": 6, "control_percent": 40,
        "contact_cost": "0.05", "budget": 1_000, "pace": "at_once", "planned_kept": 10,
    },
}  # fmt: skip


def campaign_day(until: date) -> date:
    """The month end on whose profile the campaigns were frozen: the last one after which their effect is known."""
    return (until - timedelta(days=MEASURED_DAYS)).replace(day=1) - timedelta(days=1)


def run_finished_campaigns(*, on: date) -> int:
    """Both campaigns from the plan to the end of contacting, from the day after `on`, of which the profile is. Returns
    the calls made and messages sent; of campaigns that have ended, 0."""
    first = on + timedelta(days=1)
    if Campaign.objects.filter(code=TEXTED, state__in=[State.MEASURING, State.EVALUATED]).exists():
        return 0
    with clock.freeze(at_hour(first, 8)):
        for code in (TEMPLATE, *TEMPLATES_OF_CALLS):
            _approve_template(code)
        for code, values in CAMPAIGNS.items():
            launch_planned(code, values | {"ends_on": first + LASTS}, day=first, now=clock.now())
        open_from_campaigns(now=clock.now())
    done = _send_messages(now=at_hour(first, 10))
    dice = random.Random(1)
    for day in range(CALLING_DAYS):
        if not _orders().filter(state__in=OPEN).exists():
            break
        done += work_orders(day=first + timedelta(days=day), dice=dice)
    ended = at_hour(first + LASTS + timedelta(days=1), 8)
    with clock.freeze(ended):
        advance_campaigns(now=ended)
    return done


def treatments() -> list[Treatment]:
    """What was told to whom by telephone: by the simulated answer of people, a text message alone changes nothing."""
    reached = Transition.objects.filter(order__in=_orders(), disposition__reached=True).order_by("at", "pk")
    told = reached.values_list("at", "order__subscriber__subscriber_no")
    return [
        Treatment(day_number(day), line_indexes(number for _at, number in rows), strength=STRENGTH)
        for day, rows in groupby(told, key=lambda row: timezone.localtime(row[0]).date())
    ]


def close_measurements(*, day: date) -> int:
    """Close the measurement of both, on a day on which their effect is known. Returns how many were closed."""
    codes = Campaign.objects.filter(code__in=CAMPAIGNS, state=State.MEASURING).values_list("code", flat=True)
    with clock.freeze(at_hour(day, 9)):
        return sum(bool(evaluate(actor=person("manager"), code=code)) for code in list(codes))


def _orders() -> Any:
    return WorkOrder.objects.filter(origin_kind=OriginKind.CAMPAIGN, origin_key=CALLED)


def _approve_template(code: str) -> None:
    for name, move in (("manager", Approval.SUBMIT), ("admin", Approval.APPROVE)):
        row = MessageTemplate.objects.get(code=code)
        if row.state != Approved.APPROVED:
            move_state(model=MessageTemplate, actor=person(name), code=code, version=row.version, move=move)
    switch(model=MessageTemplate, actor=person("manager"), code=code, enabled=True)


def _send_messages(*, now: datetime) -> int:
    """All that is queued, a batch a second, and the receipts of an hour later."""
    seconds = _seconds_from(now)
    with clock.freeze(now):
        message_from_campaigns(now=now)
        sent = send_for(seconds=60, tick=lambda: next(seconds)).sent
    numbers = Message.objects.filter(origin_key=TEXTED, state=MessageState.SENT).order_by("pk")
    rows = [
        ReceiptRow(MessageState.FAILED if place % UNDELIVERED_EVERY == 0 else MessageState.DELIVERED, reference)
        for place, reference in enumerate(numbers.values_list("reference", flat=True))
    ]
    record_receipts(rows=rows, now=now + timedelta(hours=1))
    return sent


def _seconds_from(now: datetime) -> Iterator[datetime]:
    while True:
        yield now
        now += timedelta(seconds=1)
