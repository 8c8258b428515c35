"""What this app declares to the core: audit actions, an API scope and tag, an event, a lock space."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.core.administration.sections import SECTIONS, Section
from retention.core.api.scopes import SCOPES, Scope
from retention.core.api.tags import TAGS, Tag
from retention.core.audit import services as audit
from retention.core.db.locks import LOCK_SPACES
from retention.core.jobs.chunks import CHUNKED_WORK
from retention.core.notices.text import MESSAGES
from retention.core.ui.glossary import declare_meanings
from retention.core.webhooks.events import EVENTS, Event

audit.declare_actions(
    "campaign.change",
    "campaign.freeze",
    "campaign.launch",
    "campaign.message",
    "universal_holdout.change",
    "campaign_plan.change",
    "carenotice.change",
    "cohort.allot",
    "cohort.change",
    "cohort.freeze",
    "contact_policy.change",
    "decision.move",
    "message.send",
    "message.test",
    "messagetemplate.change",
    "offer.change",
    "offer.limit",
    "scenario.change",
    "segmentation.change",
)
DECISIONS_WRITE = SCOPES.declare("decisions:write", Scope(_("read and settle decisions")))
DECISIONS = TAGS.declare(
    "decisions", Tag(40, _("Decisions"), "What customers have accepted, for billing to carry out.")
)
MESSAGES_WRITE = SCOPES.declare("messages:write", Scope(_("report on messages"), whole_base=True))
MESSAGES_READ = SCOPES.declare("messages:read", Scope(_("fetch the messages of the app"), whole_base=True))
MESSAGES_IN = TAGS.declare(
    "messages",
    Tag(45, _("Messages"), "What the operator's app shows, receipts of messages, and what customers write back."),
)
DECISION_ACCEPTED = EVENTS.declare(
    "decision.accepted",
    Event(
        _("decision accepted"),
        "A customer has accepted an offer: carry it out, then confirm or refuse it",
        "campaigns.offers.serializers.DecisionBody",
    ),
)


def _format_owner_left(params: dict[str, Any]) -> str:
    return gettext("%(name)s, the owner of scenario %(scenario)s, has left. It goes on; give it a new owner.") % params


def _format_submitted(params: dict[str, Any]) -> str:
    return gettext("%(name)s asks you to approve scenario %(scenario)s.") % params


def _format_offer_requested(params: dict[str, Any]) -> str:
    return gettext("%(name)s asks you to approve offer %(offer)s on order %(order)s.") % params


def _format_offer_decided(params: dict[str, Any]) -> str:
    if params["approved"]:
        return gettext("Offer %(offer)s on order %(order)s is approved: put it to the customer.") % params
    return gettext("Offer %(offer)s on order %(order)s is not approved.") % params


OFFER_REQUESTED = MESSAGES.declare("offer.requested", _format_offer_requested)
OFFER_DECIDED = MESSAGES.declare("offer.decided", _format_offer_decided)


def _format_campaign_submitted(params: dict[str, Any]) -> str:
    return gettext("%(name)s asks you to approve campaign %(campaign)s.") % params


def _format_campaign_paused(params: dict[str, Any]) -> str:
    return gettext("Campaign %(campaign)s has been paused: %(reason)s") % params


def _format_campaign_owner_left(params: dict[str, Any]) -> str:
    return gettext("%(name)s, the owner of campaign %(campaign)s, has left. It goes on; give it a new owner.") % params


CAMPAIGN_SUBMITTED = MESSAGES.declare("campaign.submitted", _format_campaign_submitted)
CAMPAIGN_PAUSED = MESSAGES.declare("campaign.paused", _format_campaign_paused)
CAMPAIGN_OWNER_LEFT = MESSAGES.declare("campaign.owner_left", _format_campaign_owner_left)
SUBMITTED = MESSAGES.declare("scenario.submitted", _format_submitted)
OWNER_LEFT = MESSAGES.declare("scenario.owner_left", _format_owner_left)
CONTACT_LOCK = LOCK_SPACES.declare(7307, "contacting a customer")
SEGMENTS = CHUNKED_WORK.declare("segments", "campaigns.segments.services.placement.SEGMENT_WORK")
NUMBER_LOCK = LOCK_SPACES.declare(7319, "contacting a telephone number")
CAMPAIGN_LOCK = LOCK_SPACES.declare(7335, "opening what a campaign asks for")
SECTIONS.declare(
    "contact_policy",
    Section(
        _("Contact policy"), _("Caps, cool-downs, calling hours and consent, for all contacts together"), "shield-lock",
        "outreach:policy", "contact_policy.view", 20,
    ),
)  # fmt: skip

declare_meanings(
    {
        "_KeptTable.members": _("Members frozen, whatever has become of them."),
        "_KeptTable.share": _(
            "Of the members frozen, the share still in service with the same customer at the month end."
        ),
        "_KeptTable.kept_members": _("Members still in service with the same customer at the month end."),
        "_KeptTable.moved": _("Kept members whose line is served by another branch now."),
        "_KeptTable.terminated": _("Members whose line has ended, but for port-outs."),
        "_KeptTable.ported_out": _("Members who took their number to another operator."),
        "_KeptTable.number_reused": _("Members whose number another customer has now."),
        "_KeptTable.handed_over": _("Members whose line another customer has taken over."),
        "_KeptTable.base": _("Mean monthly spend of the members before the freezing, in yuan."),
        "_KeptTable.revenue": _("What the members spent in the month, in yuan; lost ones spend nothing."),
        "_KeptTable.revenue_share": _("Revenue of the month as a share of the base revenue."),
        "MemberMonthTable.revenue": _("What the line spent in the month, in yuan."),
        "next_action": _(
            "What comes first: an answer of billing, the open order, a contact rule, or the offer that is expected to"
            " bring most."
        ),
        "may_call": _("Whether the contact rules allow a call to this customer at this moment."),
        "OfferTable.proposed": _("Times the offer was made to a customer."),
        "OfferTable.accepted": _("Times a customer took it."),
        "OfferTable.refused": _("Accepted offers that billing could not carry out."),
        "OfferTable.spent": _("What the accepted offers cost us over their terms, but for those that billing refused."),
        "OfferTable.stock_left": _("Units of the whole base that are neither given nor reserved."),
        "OfferTable.budget_left": _("Yuan of the whole base that are neither given nor reserved."),
        "PoolTable.stock": _("So many may be given in the branch and below."),
        "PoolTable.held_units": _("Units given, or reserved by proposals that are not answered yet."),
        "PoolTable.units_left": _("Units that are neither given nor reserved."),
        "PoolTable.budget": _("So much may be spent in the branch and below, each offer at its cost over the term."),
        "PoolTable.held_yuan": _("Cost of what is given, or reserved by proposals that are not answered yet."),
        "PoolTable.yuan_left": _("Yuan that are neither given nor reserved."),
        "RunTable.found": _("Lines that the rule held for that night."),
        "RunTable.new": _("Customers among them who were not found within the cool-down before."),
        "RunTable.opened": _("Work orders opened for what was found."),
        "RunTable.refused": _("Customers for whom a contact rule forbade an order."),
        "RunTable.waiting": _("Customers whose order has not been opened yet."),
        "ScenarioTable.opened": _("Work orders opened on the last night."),
        "ScenarioTable.refused": _("Customers for whom a contact rule forbade an order on the last night."),
        "ScenarioTable.trend": _("New customers found on each of the last 30 nights."),
        "FunnelTable.number": _("Customers who are left out at this step, after those left out above."),
        "FunnelTable.remain": _("Customers who are still in after this step."),
        "BranchFunnelTable.lines": _("Lines that the rule held for."),
        "BranchFunnelTable.customers": _("Customers of these lines; each is counted once, at the best line."),
        "BranchFunnelTable.opted_out": _("Customers who refused profiling, left out of rules on risk."),
        "BranchFunnelTable.held_out": _("Customers drawn for the hold-out: recorded and left alone."),
        "BranchFunnelTable.cooled": _("Customers found within the cool-down before."),
        "BranchFunnelTable.unpaying": _("Customers whose expected gain is zero or less, or not known."),
        "BranchFunnelTable.confirming": _("Customers for whom the rule has not held on enough nights in a row."),
        "BranchFunnelTable.refused": _("Customers for whom a contact rule forbade an order."),
        "BranchFunnelTable.capped": _("Customers over the nightly cap, less worthwhile than those taken."),
        "BranchFunnelTable.passed": _("Customers who became hits and were not refused."),
        "EndingTable.hits": _("Customers found whose order ended so."),
        "scenario_opened": _("Work orders opened in the last 30 nights."),
        "scenario_refused": _("Customers for whom a contact rule forbade an order in the last 30 nights."),
        "CareTable.new": _("Customers found in the last 30 nights, and by events of that time."),
        "CareTable.reported": _("Customers among them whose contact is only listed: there is no gateway for it."),
        "CareTable.opened": _("Work orders opened for customers among them."),
        "CareTable.refused": _("Customers among them for whom a contact rule forbade an order."),
        "ExclusionTable.lines": _("Lines that this rule left out and none above it."),
        "ExclusionTable.revenue": _("What these lines spend in a month, added up"),
        "ExclusionTable.change": _("Change of the lines since the last month end that was placed by the same matrix."),
        "FlowTable.lines": _("Lines that went from one cell to the other between the two month ends."),
        "FlowTable.revenue": _("What these lines spend in a month, added up"),
        "CellFlowTable.lines": _("Lines that went from one cell to the other between the two month ends."),
        "CellFlowTable.share": _("Of all lines of this cell at that month end."),
        "CohortTable.members": _("Members that were frozen in your branch and below."),
        "CohortTable.base": _("What the members spent a month before the freezing: the mean of up to six months."),
        "CohortTable.unowned": _("Members that nobody answers for yet."),
        "CohortTable.share": _("Members still in service with the same customer, of all that were frozen."),
        "CohortTable.revenue_share": _("Revenue of the month from the members kept, of the base revenue of all."),
        "MemberTable.base_revenue": _("Mean spend a month over up to six months before the freezing, in yuan."),
        "MemberTable.month_revenue": _("The bill of the month, or the part of its top-ups; 0 for who is lost."),
        **{
            f"{table}.{name}": text
            for table in ("MonthTable", "OwnerTable", "BranchTable")
            for name, text in {
                "members": _("Members frozen, kept or not."),
                "share": _("Members still in service with the same customer, of all that were frozen."),
                "kept_members": _(
                    "Members in service with the same customer on that day; stopped lines count as kept."
                ),
                "moved": _("Kept members whose line belongs to another branch than at the freezing."),
                "terminated": _("Members whose line has been terminated for any reason but porting out."),
                "ported_out": _("Members who took their number to another operator."),
                "number_reused": _("Members whose number is in service with another customer: do not call it."),
                "handed_over": _("Members whose line is in service with another customer."),
                "base": _("What the members spent a month before the freezing: the mean of up to six months."),
                "revenue": _("Bills and top-ups of the month from the members kept; known once the bills are there."),
                "revenue_share": _("Revenue of the month from the members kept, of the base revenue of all."),
            }.items()
        },
        "cohort_share": _("Members still in service with the same customer, of all that were frozen."),
        "cohort_revenue_share": _("Revenue of the month from the members kept, of the base revenue of all."),
        "cohort_unowned": _("Members that nobody answers for yet."),
        "offer_confirmed": _("Accepted offers that billing has carried out."),
    }
)

declare_meanings(
    {
        "CampaignTable.members_count": _("Customers of both arms, as frozen."),
        "CampaignTable.treated_count": _("Members who are meant to be contacted."),
        "CampaignTable.opened": _("Members for whom a work order was opened."),
        "CampaignTable.budget": _("What contacts and offers may cost together, in yuan."),
        "PlanTable.planned_kept": _("Customers whom the campaigns of the quarter are to keep."),
        "PlanTable.planned": _("Customers to keep, added up over the campaigns of the plan."),
        "PlanTable.budget": _("What the campaigns of the quarter may cost together, in yuan."),
        "PlanTable.budgeted": _("Budgets of the campaigns of the plan, added up, in yuan."),
        "PlanTable.used": _("Orders opened by the campaigns, at their cost of a contact, in yuan."),
        "PlanTable.share": _("Of the budget of the quarter."),
        "WeekTable.contacts": _(
            "Customers to be contacted in the week: each campaign's contacts lie evenly on its days."
        ),
        "WeekTable.load": _("Contacts planned, of the orders that the agents close in five days."),
        "WeekTable.share": _("Contacts planned, of the customers that you see."),
        "WeekTable.unknown": _("Campaigns of the week whose contacts are not known: they were not tested yet."),
        "CampaignMemberTable.wave": _("In which wave the member is; both arms have waves."),
        "CampaignMemberTable.risk_decile": _(
            "The place among the members of the campaign at the freezing: 1 is the tenth most at risk."
        ),
        "StepTable.number": _("Customers who are left out at this step, after those left out above."),
        "StepTable.remain": _("Customers who are still in after this step."),
        "StageTable.members": _("Treated members who have come so far."),
        "StageTable.share": _("Of the members of the step above."),
        "WaveTable.wave": _("Waves are opened in this order, the most worthwhile members first."),
        "AreaTable.waiting": _("Treated members whose order has not been asked for yet, or who rest."),
        "WaveTable.waiting": _("Treated members whose order has not been asked for yet, or who rest."),
        "WaveTable.due": _("Members whose wave is open and whose order is about to be opened."),
        "WaveTable.opened": _("Members for whom a work order was opened."),
        "AreaTable.refused": _("Members for whom a contact rule forbade an order."),
        "WaveTable.refused": _("Members for whom a contact rule forbade an order."),
        "WaveTable.resting": _("Members who lost to another contact; they are asked for again after a week."),
        "WaveTable.withdrawn": _("Members taken back when the campaign ended."),
        "AreaTable.control": _("Members drawn for the control group: they are left alone."),
        "WaveTable.control": _("Members drawn for the control group: they are left alone."),
        "AreaTable.target": _("Treated members."),
        "AreaTable.allowed": _("Members for whom a work order was opened."),
        "AreaTable.contacted": _("Members whose order was called for at least once."),
        "AreaTable.reached": _("Members who were spoken to."),
        "AreaTable.accepted": _("Members whose order ended with the customer retained or an offer accepted."),
        "AreaTable.kept": _("Of these, members whose line is in use today."),
        "HoldoutTable.share": _("Of all customers, drawn by their number."),
        "campaign_target": _("Treated members."),
        "campaign_control": _("Members drawn for the control group: they are left alone."),
        "campaign_waiting": _("Treated members whose order has not been asked for yet, or who rest."),
        "campaign_opened": _("Members for whom a work order was opened."),
        "campaign_cost": _("Orders opened, at the cost of a contact, in yuan."),
        "campaign_contaminated": _("Control members for whom somebody opened an order by hand, with a reason."),
        "universal_holdout_share": _("Of all customers, drawn by their number."),
        "universal_holdout_held": _("Customers whom neither campaigns nor scenarios contact now."),
    }
)
