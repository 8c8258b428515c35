"""Data of the call screen: the customer beside the form. Plain data for the templates; a fixed number of queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.messages.models import Message, source_of
from campaigns.messages.text import STATE_TONES as MESSAGE_TONES
from campaigns.offers.text import DecisionText
from campaigns.outreach.rules import ORDER_CALL
from campaigns.outreach.text import call_figure
from customers.contacts.models import ContactRecord
from customers.contacts.numbers import call_number
from customers.facts.models import Subscriber, UsageMonth
from customers.fields.line_types import view_of
from customers.page360 import queries as page360_queries
from customers.page360.queries import history
from customers.page360.queries.reveals import is_revealed
from customers.page360.queries.usage import months_back
from retention.core.accounts.models import Team, User
from retention.core.ui import formats
from retention.core.ui.components import TimelineItem
from retention.core.ui.periods import all_months
from workorders.appointments.queries import usual_times_for
from workorders.appointments.text import format_usual, local_value
from workorders.console.text import trail_item
from workorders.documents.models import Document
from workorders.order_types import rules
from workorders.order_types.keys import keys_of
from workorders.order_types.models import Disposition
from workorders.orders import text as orders_text
from workorders.orders.explanations import why_this_order
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.services.answers import survey_of_order
from workorders.orders.states import State, available
from workorders.orders.text import STATE_TONES
from workorders.proposals import queries
from workorders.surveys.queries import responses_of_order
from workorders.surveys.text import answers_in_words, browser_blocks, shown_blocks
from workorders.telephony.models import Call
from workorders.telephony.queries import proposed_end
from workorders.telephony.switches import telephone
from workorders.telephony.text import call_badge

SHOWN_TICKETS = 4
SHOWN_TOUCHES = 8
SHOWN_NOTES = 10


def line_of(order: WorkOrder) -> Subscriber:
    """The order's line with all that the customer's side reads."""
    return Subscriber.objects.for_360().get(pk=order.subscriber_id)


def customer_pane(order: WorkOrder, line: Subscriber, *, now: datetime) -> dict[str, Any]:
    """The middle pane as far as a call begins with it: who is called, and why."""
    today = timezone.localtime(now).date()
    return {
        "subscriber": line,
        "call_number": call_number(line),
        "customer": line.account.customer,
        "notices": page360_queries.notices(line, today=today),
        "risk": page360_queries.risk_history(line, today=today, for_agent=True),
        "causes": orders_text.causes(order, today=today),
    }


def background_pane(
    order: WorkOrder, line: Subscriber, *, risk: page360_queries.RiskHistory, now: datetime
) -> dict[str, Any]:
    """What stands below it: figures, use and spend, contracts, complaints, history."""
    today = timezone.localtime(now).date()
    bills = page360_queries.bills_of(line, today=today)
    topups = [] if bills else page360_queries.topups_of(line, today=today)
    spent = page360_queries.spent_by_month(bills, topups, today=today)
    tickets, made = history.tickets(line), history.contacts(line.account.customer)
    return {
        "subscriber": line,
        "cards": page360_queries.cards(
            line, risk=risk, spent=spent, last_contact=history.last_contact(made), today=today
        ) + [call_figure(line, now=now, purpose=order.purpose, order_no=order.order_no)],
        "trends": _trends(line, spent, today),
        "contracts": page360_queries.contracts(line, today=today),
        "line_facts": page360_queries.line_facts(line),
        "type_facts": page360_queries.type_facts(line),
        "line_icon": view_of(line.line_type).icon,
        "tickets": [(ticket, history.ticket_state(ticket, today)) for ticket in tickets[:SHOWN_TICKETS]],
        "touches": page360_queries.timeline(line, opened=tickets, made=made)[:SHOWN_TOUCHES],
    }  # fmt: skip


def message_trail(order: WorkOrder) -> list[TimelineItem]:
    """Messages sent during the calls of the order. One query where there was none."""
    made = ContactRecord.objects.filter(customer=order.customer_id, source=source_of(ORDER_CALL, order.order_no))
    senders = {one.order_no: one.actor.display_name if one.actor else "" for one in made.select_related("actor")}
    if not senders:
        return []
    return [
        TimelineItem(
            at=one.queued_at, title=_("SMS: %(name)s") % {"name": one.template.title}, text=one.text,
            icon=MESSAGE_TONES[one.state][1], tone=MESSAGE_TONES[one.state][0], badge=one.get_state_display(),
            actor=senders.get(one.reference, ""),
        )
        for one in Message.objects.of_calls(order.order_no, order.customer_id)
    ]  # fmt: skip


@dataclass(frozen=True)
class Trend:
    """Twelve months of one figure, oldest first; None for one that was not sent. show: a name of formats.FORMATS."""

    label: str
    values: Sequence[float | None]
    show: str

    @property
    def shown(self) -> str:
        """The last month."""
        return formats.show(self.values[-1], self.show)

    @property
    def change(self) -> float | None:
        """The last month against the mean of the three before it."""
        last, before = self.values[-1], [value for value in self.values[-4:-1] if value is not None]
        mean = sum(before) / len(before) if before else 0
        return last / mean - 1 if mean and last is not None else None


def _trends(line: Subscriber, spent: Sequence[Decimal], today: date) -> list[Trend]:
    """Spend, and of use what means something on a line of its type."""
    used = {row.month: row for row in UsageMonth.objects.filter(subscriber=line, month__gte=months_back(today))}
    months = [used.get(month) for month in all_months(used)]
    view = view_of(line.line_type)
    calls = [
        Trend(_("Minutes out"), [row.voice_out_s / 60 if row else None for row in months], "count"),
        Trend(_("Minutes in"), [row.voice_in_s / 60 if row else None for row in months], "count"),
    ]
    data = [Trend(_("Data (GB)"), [row.data_mb / 1024 if row else None for row in months], "decimal")]
    spend = [Trend(_("Spend"), [float(amount) for amount in spent], "money")]
    found = [*(calls if view.calls else ()), *(data if view.data else ()), *spend]
    return [trend for trend in found if len(trend.values) > 1]


def call_started(order: WorkOrder) -> datetime | None:
    """When the call began, or before that, when the order came to the desk."""
    lines = Transition.objects.filter(order=order, move__in=["start", "claim", "reopen"]).order_by("-version")
    return lines.values_list("at", flat=True).first()


def _team_titles(codes: Collection[str]) -> dict[str, str]:
    """{code: name} of retention groups; no query for none."""
    return {team.code: team.title for team in Team.objects.filter(code__in=codes)} if codes else {}


def call_pane(order: WorkOrder, call: Call | None) -> dict[str, Any]:
    """The call beside its clock: how it stands, and which end of the contact fits the one that is over."""
    proposed = ""
    if call is not None and not call.is_open:
        flow = rules.read(order.type.flow, order.type.fields)
        proposed = proposed_end(call, [one for one in Disposition.objects.choosable() if flow.offers(one.code)])
    return {
        "call": call,
        "call_badge": call_badge(call) if call else None,
        "proposed": proposed,
        "dials": telephone().dials,
    }


def order_pane(
    order: WorkOrder, decisions: Sequence[DecisionText], calls: Sequence[TimelineItem] = ()
) -> dict[str, Any]:
    """The order itself: its trail with the notes, calls and offers in their place, newest first."""
    lines = list(Transition.objects.for_history().filter(order=order))
    teams = _team_titles({line.detail["team"] for line in lines if "team" in line.detail})
    for line in lines:
        line.order = order
    trail = [trail_item(line, teams) for line in lines]
    notes = [
        TimelineItem(note.at, _("Note"), note.text, icon="note", actor=note.author_name)
        for note in order.notes.all()[:SHOWN_NOTES]
    ]
    items = [*trail, *notes, *queries.decision_trail(decisions), *calls]
    return {
        "trail": sorted(items, key=lambda item: item.at, reverse=True),
        "state_badge": (order.get_state_display(), *STATE_TONES[State(order.state)]),
        "moves": {move.name for move in available(order.state)},
        "why_this": why_this_order(order),
        "responses": [(one, answers_in_words(one)) for one in responses_of_order(order.pk)],
    }


def number_on_screen(order: WorkOrder, line: Subscriber, agent: User) -> str:
    """The full number, once the agent has looked at it since the order came to the desk; "" before."""
    taken = (
        Transition.objects.filter(order=order, move__in=["claim", "reopen"], actor=agent).order_by("-version").first()
    )
    return call_number(line) if taken is not None and is_revealed(agent, line, since=taken.at) else ""


def form_pane(
    order: WorkOrder,
    typed: Mapping[str, str],
    *,
    now: datetime,
    decisions: Sequence[DecisionText] = (),
    names: Mapping[str, object],
    problems: Mapping[str, str],
    proposed: str = "",
) -> dict[str, Any]:
    """The right pane: talk track, questions, dispositions, appointment. typed: what the fields hold.

    names: what the names in a script stand for. problems: {field: message} of what could not be saved.

    An offer that the customer has taken chooses the end of the call, unless the agent chose another; else `proposed`.
    """
    flow = rules.read(order.type.flow, order.type.fields)
    stage = order.at
    if not typed.get("disposition") and (natural := queries.accepted_disposition(flow, decisions) or proposed):
        typed = {**typed, "disposition": natural}
    return survey_pane(order, typed, names, problems) | {
        "script": [part for part in order.type.talk_track.splitlines() if part],
        "documents": list(Document.objects.for_order(order)),
        "questions": [
            (field, typed.get(field.input_name) or order.answers.get(field.key, ""))
            for field in flow.asked_at(stage.form if stage else ())
        ],
        "headings": _headings(list(Disposition.objects.choosable()), flow),
        "typed": typed,
        "presets": format_usual(usual_times_for(order, now=now)),
        "appointment_last": local_value(now + timedelta(days=flow.appointment_days)),
        "appointment_first": local_value(now),
        "attempt": order.attempts + 1,
        "max_attempts": flow.max_attempts,
    }


def script_names(order: WorkOrder, line: Subscriber, agent: User) -> dict[str, object]:
    """What the names in a script stand for."""
    return {
        "customer": line.account.customer.name,
        "plan": line.plan.name,
        "agent": agent.display_name,
        "branch": str(line.branch),
    }


def survey_pane(
    order: WorkOrder, typed: Mapping[str, str], names: Mapping[str, object], problems: Mapping[str, str]
) -> dict[str, Any]:
    """The questionnaire in place of talk track and questions, where the order asks one."""
    survey = survey_of_order(order)
    if survey is None:
        return {"survey": None}
    given = {name.removeprefix("answer_"): value for name, value in typed.items() if name.startswith("answer_")}
    if not given and "note" not in typed:  # nothing was typed yet
        given = {key: str(value) for key, value in order.answers.items()}
    return {
        "survey": survey.row,
        "blocks": shown_blocks(survey.tree, given, names, problems),
        "rules": browser_blocks(survey.row.tree),
    }


Leaf = tuple[Disposition, str]


def _headings(offered: list[Disposition], flow: rules.Flow) -> list[tuple[Disposition | None, list[Leaf]]]:
    """The dispositions of the flow under their headings, each with its key."""
    codes = [one.code for one in offered if flow.offers(one.code)]
    keys = keys_of(flow.keys, [(one.code, one.hotkey) for one in offered], codes)
    found: dict[int | None, tuple[Disposition | None, list[Leaf]]] = {}
    for one in offered:
        if flow.offers(one.code):
            found.setdefault(one.parent_id, (one.parent, []))[1].append((one, keys.get(one.code, "")))
    return list(found.values())
