"""Declarations to the core: audit actions, an event, the agents' start page."""

from typing import Any

from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.roles import LANDING_PAGES, Role
from retention.core.administration.sections import SECTIONS, Section
from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.jobs.chunks import CHUNKED_WORK
from retention.core.jobs.text import KINDS
from retention.core.notices.text import MESSAGES
from retention.core.staff.queries import GROUP_COUNTS, Counted
from retention.core.ui.glossary import declare_meanings
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions(
    "absence.change", "agent.terms", "allocation_rule.change", "article.change", "article.settle", "article.suggest",
    "calibration.change", "call.dial", "call.extension", "call.listen", "caller.look_up", "desk_message.send",
    "disposition.change", "document.change", "document.open", "inspection.move", "inspectionplan.change",
    "order.bulk", "order.exception", "order.move", "order.open", "order.reassign", "order_type.change",
    "order_type.draft", "order_type.publish", "pause_code.change", "questionnaire.change", "review.change",
    "review.draw", "samplerule.change", "scoresheet.change", "skill.change", "team.targets", "workcalendar.change",
)  # fmt: skip
KINDS.declare("bulk_orders", _("Bulk action on orders"))
CALLS_WRITE = SCOPES.declare("calls:write", Scope(_("report on calls"), whole_base=True))
CALLS = TAGS.declare("calls", Tag(46, _("Calls"), "What a telephone switch reports of the calls of the agents."))
ORDER_CLOCKS = CHUNKED_WORK.declare("order_clocks", "workorders.clocks.services.recomputing.CLOCK_WORK")
OPENER_SEATS = LOCK_SPACES.declare(7336, "opening the orders of campaigns")


def _named(params: dict[str, Any]) -> dict[str, Any]:
    """The orders of a notice by their numbers, with how many more there are."""
    named = pgettext("between the values of a list", ", ").join(params["orders"])
    return {"orders": named, "count": params["count"]}


def _format_warned(params: dict[str, Any]) -> str:
    text = ngettext("%(orders)s is soon over time.", "%(count)d orders are soon over time: %(orders)s", params["count"])
    return text % _named(params)


def _format_breached(params: dict[str, Any]) -> str:
    text = ngettext("%(orders)s is over time.", "%(count)d orders are over time: %(orders)s", params["count"])
    return text % _named(params)


def _format_escalated(params: dict[str, Any]) -> str:
    text = ngettext(
        "%(orders)s is over time and still open; its group has been told.",
        "%(count)d orders are over time and still open; their groups have been told: %(orders)s",
        params["count"],
    )
    return text % _named(params)


CLOCK_WARNED = MESSAGES.declare("clock.warned", _format_warned)
CLOCK_BREACHED = MESSAGES.declare("clock.breached", _format_breached)
CLOCK_ESCALATED = MESSAGES.declare("clock.escalated", _format_escalated)
ORDER_CLOSED = EVENTS.declare(
    "order.closed",
    Event(_("order closed"), "A work order has ended", "workorders.orders.serializers.ClosedOrder"),
)
ORDER_MOVED = EVENTS.declare(
    "order.moved",
    Event(
        _("order moved"),
        "A work order has made a move that its type reports",
        "workorders.orders.serializers.MovedOrder",
    ),
)


def _format_step(params: dict[str, Any]) -> str:
    return gettext("%(order)s (%(type)s) has come to: %(stage)s") % params


def _format_chase(params: dict[str, Any]) -> str:
    return gettext("%(name)s asks for haste with %(order)s: %(reason)s") % params


def _format_answer(params: dict[str, Any]) -> str:
    return gettext("The other branch has answered %(order)s.") % params


ORDER_STEP = MESSAGES.declare("order.step", _format_step)
ORDER_CHASED = MESSAGES.declare("order.chased", _format_chase)
ORDER_ANSWERED = MESSAGES.declare("order.answered", _format_answer)
LANDING_PAGES.declare(Role.AGENT, "workorders:console")
GROUP_COUNTS.declare(
    "orders",
    Counted(
        _("Open orders"),
        _("Orders in the queue of the group or in the hands of its agents."),
        "workorders.orders.queries.count_open_by_team",
        "/supervise/?team={code}",
    ),
)
for key, section in {
    "order_types": Section(
        _("Order types"), _("What an order is for, how long it may take, how a call may end and what is asked"),
        "clipboard-list", "order_types:types", "order_types.view", 30,
    ),
    "work_calendars": Section(
        _("Working calendars"), _("When the groups work: hours, public holidays and made-up days"), "calendar-event",
        "clocks:workcalendars", "calendars.view", 32,
    ),
    "dispositions": Section(
        _("Dispositions"), _("The ends of a contact: what they count as and what they do"), "phone-call",
        "order_types:dispositions", "order_types.view", 31,
    ),
    "documents": Section(
        _("Documents and voice files"), _("Sheets and recordings that agents open during calls of an order type"),
        "file-text", "documents:documents", "documents.edit", 33,
    ),
    "allocation": Section(
        _("Allocation rules"), _("Which group a new order goes to, and for which agents it is reserved at first"),
        "list-check", "allocation:rules", "allocation.view", 33,
    ),
    "skills": Section(
        _("Skills and languages"), _("What agents can do, and an order may require"), "user-check",
        "allocation:skills", "allocation.view", 34,
    ),
    "daily_targets": Section(
        _("Daily targets"), _("How many contacts and retained customers an agent of each group is to reach a day"),
        "target", "allocation:targets", "agents.edit", 34,
    ),
    "pause_reasons": Section(
        _("Pause reasons"), _("What agents say when they take no orders for a while, and how long it usually lasts"),
        "clock-pause", "pauses:codes", "order_types.view", 32,
    ),
    "score_sheets": Section(
        _("Score sheets"), _("By what calls are judged: criteria, weights and what is fatal"), "list-check",
        "quality:scoresheets", "quality.view", 34,
    ),
    "sampling_rules": Section(
        _("Sampling rules"), _("Which calls are drawn for quality review every week"), "target",
        "quality:samplerules", "quality.view", 35,
    ),
}.items():  # fmt: skip
    SECTIONS.declare(key, section)


def _format_article_submitted(params: dict[str, Any]) -> str:
    return gettext("%(name)s asks you to approve the article %(article)s.") % params


def _format_article_settled(params: dict[str, Any]) -> str:
    if params["approved"]:
        return gettext("%(name)s has approved your article %(article)s: it is read from now on.") % params
    return gettext("%(name)s has sent your article %(article)s back.") % params


def _format_suggestion_settled(params: dict[str, Any]) -> str:
    said = gettext("Your suggestion for the knowledge base was adopted. %(answer)s")
    if not params["adopted"]:
        said = gettext("Your suggestion for the knowledge base was not adopted. %(answer)s")
    return (said % params).strip()


ARTICLE_SUBMITTED = MESSAGES.declare("article.submitted", _format_article_submitted)
ARTICLE_SETTLED = MESSAGES.declare("article.settled", _format_article_settled)
SUGGESTION_SETTLED = MESSAGES.declare("suggestion.settled", _format_suggestion_settled)


def _format_review_finished(params: dict[str, Any]) -> str:
    return gettext("Your call on %(order)s has been reviewed.") % params


def _format_review_objected(params: dict[str, Any]) -> str:
    return gettext("%(name)s objects to your review of %(order)s.") % params


def _format_review_answered(params: dict[str, Any]) -> str:
    if params["stays"]:
        return gettext("Your objection to the review of %(order)s is answered: the marks stay.") % params
    return gettext("Your objection to the review of %(order)s is answered: the review is set aside.") % params


def _format_desk_message(params: dict[str, Any]) -> str:
    return gettext("%(name)s writes: %(text)s") % params


# Why an agent looks up a caller; any other reason is given in words.
CALLER_REASONS = {
    "calls_back": _("Customer calls back"),
    "transferred": _("Transferred call"),
    "complaint": _("Complaint"),
}


def format_caller_reason(reason: str, note: str) -> str:
    """`Complaint`, `Complaint: about the bill`; of any other reason its words alone."""
    if reason not in CALLER_REASONS:
        return note
    label = str(CALLER_REASONS[reason])
    return gettext("%(reason)s: %(note)s") % {"reason": label, "note": note} if note else label


def _format_caller_shown(params: dict[str, Any]) -> str:
    why = format_caller_reason(params["reason"], params["note"])
    text = ngettext(
        "%(name)s sees the line %(line)s for %(minutes)d minute, because it called: %(why)s",
        "%(name)s sees the line %(line)s for %(minutes)d minutes, because it called: %(why)s",
        params["minutes"],
    )
    return text % {**params, "why": why}


CALLER_SHOWN = MESSAGES.declare("caller.shown", _format_caller_shown)


DESK_MESSAGE = MESSAGES.declare("desk.message", _format_desk_message)
REVIEW_FINISHED = MESSAGES.declare("review.finished", _format_review_finished)
REVIEW_OBJECTED = MESSAGES.declare("review.objected", _format_review_objected)
REVIEW_ANSWERED = MESSAGES.declare("review.answered", _format_review_answered)

declare_meanings(
    {
        "article_votes": _(
            "Votes on the version in use: who finds it useful, of all who have voted. One vote a person."
        ),
        "article_calls": _("Orders on whose call screen an agent has opened the article, in any version."),
        "article_successes": _(
            "Orders on whose call screen an agent has opened the article, in any version, and that were closed because"
            " the customer stays or takes an offer. It was used in these calls; that it was the reason is not said."
        ),
        "ArticleTable.useful": _(
            "Votes on the version in use: who finds it useful, of all who have voted. One vote a person."
        ),
        "ArticleTable.calls": _("Orders on whose call screen an agent has opened the article, in any version."),
        "ArticleTable.successes": _(
            "Orders on whose call screen an agent has opened the article, in any version, and that were closed because"
            " the customer stays or takes an offer. It was used in these calls; that it was the reason is not said."
        ),
        "InspectionPlanTable.every_days": _("From the end of one visit until the next one is due."),
        "InspectionPlanTable.per_day": _("Of this plan; firms that are due when a day is full go to the next one."),
        "ServiceMonthTable.planned": _("Visits planned for a day of the month, as the plan stands now."),
        "ServiceMonthTable.done": _("Visits planned for the month whose order was brought to its end."),
        "ServiceMonthTable.done_share": _("Visits made, of those planned for the month."),
        "ServiceMonthTable.dropped": _("Visits planned for the month whose order was cancelled or returned as unfit."),
        "ServiceMonthTable.faults": _("Fault orders of enterprises and offices that were opened in the month."),
        "ServiceMonthTable.lines": _("Lines of enterprises and offices in service at the end of the month, or today."),
        "ServiceMonthTable.per_100_lines": _("Faults of the month for each 100 lines of these customers."),
        "ServiceMonthTable.repaired": _("Faults opened in the month that were repaired since."),
        "ServiceMonthTable.hours": _("From opening to repair, on average, of the repaired faults opened in the month."),
        "SkillTable.people": _("Active agents who have it."),
        "RuleTable.position": _("Rules are asked in this order; the first that fits a new order decides."),
        "RunTable.total": _("Orders that were chosen."),
        "RunTable.done": _("Orders with which it was done so far."),
        "version": _("Number of the version; each published change is the next one."),
        "answered": _("Calls in which at least one question of this version was answered."),
        "QuestionnaireTable.questions": _("Questions of the version in use, of all branches."),
        "ResponseTable.score": _("Points of the answers given."),
        "ResponseTable.possible": _("The most points that the questions asked in this call could give."),
        "survey_responses": _("Calls in which at least one question was answered, by the filters above."),
        "survey_score": _("Points given as a share of the points that the questions asked could give, on average."),
        "VisitTable.responses": _("Visits whose questions were answered."),
        "VersionTable.open_orders": _("Open orders that were opened with this version, of those you may see."),
        "attempts": _("Calls made for the order so far."),
        "contacts": _("Calls with a result saved, reached or not."),
        "reached": _("Calls in which the customer spoke with the agent."),
        "reach_rate": _("Share of the calls in which the customer spoke with the agent."),
        "good": _("Calls after which the customer stays or takes an offer."),
        "good_rate": _("Of the customers reached, the share that stays or takes an offer."),
        "DayTable.refused": _("Calls in which the customer refused."),
        "calls_refused": _("Calls in which the customer refused."),
        "appointments": _("Calls that ended with a time for the next one."),
        "order_due_at": _("When the first of its open clocks runs out; after it the order is overdue."),
        "order_priority": _("1 is the most urgent, 9 the least."),
        "orders_closed": _("Orders brought to their end."),
        "DayTable.closed": _("Orders brought to their end."),
        "orders_waiting": _("Orders of your groups that nobody has taken."),
        "performance.contacts": _("Calls with a result saved, reached or not."),
        "performance.connected": _("Calls that somebody took, the customer or another person."),
        "performance.reached": _("Calls in which the customer spoke with the agent."),
        "performance.kept": _("Calls after which the customer stays or takes an offer."),
        "performance.closed": _("Orders that the call brought to their end."),
        "performance.closed_late": _("Of the orders closed, those whose time to close had run out."),
        "performance.appointments_kept": _(
            "Of the appointments made, those for which a call began at most 30 minutes after the time promised."
        ),
        "performance.paused": _("Length of the pauses that began then, of whatever reason."),
        "handling": _("From the start of the call until its outcome was saved, on average."),
    }
)
