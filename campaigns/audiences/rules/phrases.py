"""How an operator says conditions on a field: data for `campaigns.audiences.rules.text`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Phrases:
    """amount: a number, with %(amount)s such as "at least 80 yuan". noun: what changes, or is compared with.

    signs: {operator: with %(value)s}, or {"> 0": words} for that value. yes, no: of a flag. codes: of its values.
    """

    amount: object = ""
    noun: object = ""
    signs: Mapping[str, object] = field(default_factory=dict)
    yes: object = ""
    no: object = ""
    codes: Mapping[str, object] = field(default_factory=dict)


# Fields whose values speak for themselves: "prepaid", not "payment type prepaid".
PLAIN_VALUES = frozenset({"status", "line_type", "pay_mode"})
# Counts that stand before what they count: "at least 2 complaints in 90 days".
COUNTED = frozenset({
    "contracts_renewed", "vas_count", "vas_ordered_90d", "vas_cancelled_90d", "bills_unpaid", "payments_90d",
    "stops_180d", "plan_changes_180d", "port_inquiries_60d", "termination_requests_60d", "forward_set_60d",
    "complaints_90d", "faults_90d", "inquiries_90d", "tickets_open", "contacts_90d", "terminals_365d",
})  # fmt: skip
# Shares that are differences of shares: said in percentage points.
IN_POINTS = frozenset({"in_share_change"})
# What a change is against, where it is not the mean of the three months before.
_MONTH_BEFORE = _("against the month before")
AGAINST = {
    "use_half_change": _("against the last half year"),
    "voice_mom": _MONTH_BEFORE,
    "data_mom": _MONTH_BEFORE,
    "spend_mom": _MONTH_BEFORE,
}
PHRASES: dict[str, Phrases] = {
    "arpu": Phrases(amount=_("%(amount)s a month"), noun=_("monthly spend")),
    "tenure_days": Phrases(amount=_("with us %(amount)s"), signs={"<": _("with us less than %(value)s")}),
    "tenure_months": Phrases(amount=_("with us %(amount)s")),
    "customer_months": Phrases(amount=_("customer with us %(amount)s")),
    "age": Phrases(amount=_("aged %(amount)s")),
    "plan_minutes": Phrases(amount=_("%(amount)s in the plan")),
    "plan_data_mb": Phrases(amount=_("%(amount)s of data in the plan")),
    "lines_of_customer": Phrases(amount=_("customer has %(amount)s")),
    "mobile_lines_of_customer": Phrases(amount=_("customer has %(amount)s on mobile")),
    "iptv_lines_of_customer": Phrases(amount=_("customer has %(amount)s of IPTV")),
    "household_left_180d": Phrases(amount=_("%(amount)s of the customer gone in 180 days")),
    "district_dropped_rate": Phrases(amount=_("%(amount)s of the calls in the district dropped last month")),
    "city_rival_share": Phrases(amount=_("%(amount)s of the lines in the city called competitor hotlines last month")),
    "contract_months": Phrases(amount=_("contract of %(amount)s")),
    "contract_days_left": Phrases(
        amount=_("%(amount)s to the end of the contract"),
        signs={
            "<=": _("contract ends within %(value)s"),
            ">": _("contract ends in more than %(value)s"),
            ">= 0": _("contract still running"),
        },
    ),
    "days_since_contract": Phrases(
        amount=_("last contract ended %(amount)s ago"),
        signs={
            "<=": _("last contract ended within the last %(value)s"),
            ">": _("last contract ended more than %(value)s ago"),
        },
    ),
    "days_since_payment": Phrases(
        amount=_("last paid %(amount)s ago"),
        signs={"<=": _("paid within the last %(value)s"), ">": _("last paid more than %(value)s ago")},
    ),
    "days_since_vas_order": Phrases(
        amount=_("last ordered a service %(amount)s ago"),
        signs={
            "<=": _("ordered a service within the last %(value)s"),
            ">": _("last ordered a service more than %(value)s ago"),
        },
    ),
    "days_since_stop": Phrases(
        amount=_("last stopped %(amount)s ago"),
        signs={"<=": _("stopped within the last %(value)s"), ">": _("last stopped more than %(value)s ago")},
    ),
    "days_since_plan_change": Phrases(
        amount=_("plan changed %(amount)s ago"),
        signs={"<=": _("plan changed within the last %(value)s"), ">": _("plan changed more than %(value)s ago")},
    ),
    "days_since_tier_change": Phrases(
        amount=_("member tier changed %(amount)s ago"),
        signs={
            "<=": _("member tier changed within the last %(value)s"),
            ">": _("member tier changed more than %(value)s ago"),
        },
    ),
    "tier_move": Phrases(
        noun=_("member tier last moved"),
        codes={"up": pgettext_lazy("member tier", "up"), "down": pgettext_lazy("member tier", "down")},
    ),
    "days_since_port_inquiry": Phrases(
        amount=_("last asked about porting out %(amount)s ago"),
        signs={
            "<=": _("asked about porting out within the last %(value)s"),
            ">": _("last asked about porting out more than %(value)s ago"),
        },
    ),
    "days_since_complaint": Phrases(
        amount=_("last complained %(amount)s ago"),
        signs={"<=": _("complained within the last %(value)s"), ">": _("last complained more than %(value)s ago")},
    ),
    "days_since_fault": Phrases(
        amount=_("last reported a fault %(amount)s ago"),
        signs={
            "<=": _("reported a fault within the last %(value)s"),
            ">": _("last reported a fault more than %(value)s ago"),
        },
    ),
    "days_ticket_open": Phrases(amount=_("oldest open ticket open for %(amount)s")),
    "days_since_contact": Phrases(
        amount=_("last contacted by us %(amount)s ago"),
        signs={
            "<=": _("contacted by us within the last %(value)s"),
            ">": _("last contacted by us more than %(value)s ago"),
        },
    ),
    "days_since_left": Phrases(
        amount=_("left %(amount)s ago"),
        signs={"<=": _("left within the last %(value)s"), ">": _("left more than %(value)s ago")},
    ),
    "left_spend": Phrases(amount=_("%(amount)s a month before leaving")),
    "vas_fee": Phrases(amount=_("value-added services for %(amount)s")),
    "plan_fit_months": Phrases(
        amount=_("plan rated on %(amount)s"), signs={">=": _("plan rated on %(value)s or more")}
    ),
    "plan_fit_saving": Phrases(amount=_("would save %(amount)s a month on the best plan")),
    "plan_fit_break_even": Phrases(amount=_("the best plan pays from a churn probability of %(amount)s")),
    "bundle_saving": Phrases(amount=_("would save %(amount)s a month in a bundle")),
    "plan_over_cost": Phrases(amount=_("%(amount)s a month on top of the plan fee")),
    "plan_over_minutes": Phrases(amount=_("%(amount)s of calls beyond the plan a month")),
    "plan_over_data": Phrases(amount=_("%(amount)s of data beyond the plan a month")),
    "plan_unused_minutes": Phrases(amount=_("%(amount)s of calls in the plan unused a month")),
    "plan_unused_data": Phrases(amount=_("%(amount)s of data in the plan unused a month")),
    "voice_out_recent": Phrases(amount=_("%(amount)s out in the last 30 days"), noun=_("minutes out")),
    "voice_out_base": Phrases(amount=_("usually %(amount)s out a month"), noun=_("usual minutes out")),
    "voice_out_change": Phrases(noun=_("minutes out")),
    "voice_mom": Phrases(noun=_("minutes out")),
    "voice_in_recent": Phrases(amount=_("%(amount)s in in the last 30 days"), noun=_("minutes in")),
    "voice_in_base": Phrases(amount=_("usually %(amount)s in a month"), noun=_("usual minutes in")),
    "voice_in_change": Phrases(noun=_("minutes in")),
    "calls_out_recent": Phrases(amount=_("%(amount)s out in the last 30 days"), noun=_("calls out")),
    "calls_out_base": Phrases(amount=_("usually %(amount)s out a month"), noun=_("usual calls out")),
    "calls_out_change": Phrases(noun=_("calls out")),
    "calls_in_recent": Phrases(amount=_("%(amount)s in in the last 30 days"), noun=_("calls in")),
    "calls_in_base": Phrases(amount=_("usually %(amount)s in a month"), noun=_("usual calls in")),
    "calls_in_change": Phrases(noun=_("calls in")),
    "data_recent": Phrases(amount=_("%(amount)s of data in the last 30 days"), noun=_("data use")),
    "data_base": Phrases(amount=_("usually %(amount)s of data a month"), noun=_("usual data use")),
    "data_change": Phrases(noun=_("data use")),
    "data_mom": Phrases(noun=_("data use")),
    "sms_recent": Phrases(amount=_("%(amount)s sent in the last 30 days"), noun=_("messages sent")),
    "sms_base": Phrases(amount=_("usually %(amount)s sent a month"), noun=_("usual messages sent")),
    "sms_change": Phrases(noun=_("messages sent")),
    "contacts_recent": Phrases(amount=_("%(amount)s called last month"), noun=_("people called")),
    "contacts_base": Phrases(amount=_("usually %(amount)s called a month"), noun=_("usual people called")),
    "contacts_change": Phrases(noun=_("people called")),
    "voice_out_half": Phrases(amount=_("%(amount)s out a month over six months")),
    "data_half": Phrases(amount=_("%(amount)s of data a month over six months")),
    "use_change": Phrases(noun=_("total use")),
    "use_half_change": Phrases(noun=_("use of calls and data")),
    "voice_variation": Phrases(amount=_("minutes out vary by %(amount)s")),
    "roaming_recent": Phrases(amount=_("%(amount)s of roaming in the last 30 days")),
    "roaming_days": Phrases(amount=_("roaming on %(amount)s of the last 30")),
    "roaming_starts_365d": Phrases(amount=_("%(amount)s with roaming in 365 days")),
    "days_since_roaming": Phrases(
        amount=_("last roamed %(amount)s ago"),
        signs={"<=": _("roamed within the last %(value)s"), ">": _("last roamed more than %(value)s ago")},
    ),
    "days_since_roaming_start": Phrases(
        amount=_("roaming began %(amount)s ago"),
        signs={"<=": _("roaming began within the last %(value)s"), ">": _("roaming began more than %(value)s ago")},
    ),
    "forwarded_rival_recent": Phrases(
        amount=_("%(amount)s forwarded to a competitor in the last 30 days"), noun=_("calls forwarded to a competitor")
    ),
    "forwarded_rival_base": Phrases(amount=_("usually %(amount)s forwarded to a competitor a month")),
    "rival_hotline_recent": Phrases(amount=_("%(amount)s to competitor hotlines in the last 30 days")),
    "dropped_recent": Phrases(amount=_("%(amount)s dropped in the last 30 days")),
    "dropped_rate": Phrases(amount=_("%(amount)s of the calls dropped")),
    "in_share": Phrases(amount=_("%(amount)s of the calls incoming")),
    "in_share_change": Phrases(noun=_("incoming share of calls")),
    "data_used_share": Phrases(amount=_("%(amount)s of the data in the plan used")),
    "data_base_share": Phrases(amount=_("usually %(amount)s of the data in the plan used")),
    "voice_used_share": Phrases(amount=_("%(amount)s of the minutes in the plan used")),
    "contacts_90d": Phrases(noun=_("contacts by us in 90 days")),
    "forward_set_60d": Phrases(noun=_("forwardings set in 60 days")),
    "zero_call_days": Phrases(
        amount=_("no calls for %(amount)s in a row"), signs={">=": _("no calls for %(value)s in a row or more")}
    ),
    "calls_7d": Phrases(amount=_("%(amount)s in 7 days")),
    "data_7d": Phrases(amount=_("%(amount)s of data in 7 days")),
    "active_days": Phrases(amount=_("in use on %(amount)s of the last 30")),
    "bill_last": Phrases(amount=_("last bill %(amount)s"), noun=_("bill")),
    "bill_base": Phrases(amount=_("usual bill %(amount)s"), noun=_("the mean bill of the three months before")),
    "bill_change": Phrases(noun=_("bill")),
    "bills_6m": Phrases(
        amount=_("%(amount)s in six months"),
        signs={"= 0": _("no bill in six months"), "<= 1": _("at most one bill in six months")},
    ),
    "spend_3m": Phrases(amount=_("%(amount)s a month over three months"), noun=_("monthly spend over three months")),
    "spend_mom": Phrases(noun=_("spend of the month")),
    "discount_last": Phrases(amount=_("discount of %(amount)s on the last bill")),
    "discount_lost": Phrases(
        amount=_("discount on the bill down by %(amount)s"), signs={"> 0": _("discount on the bill down")}
    ),
    "vas_bill_last": Phrases(amount=_("%(amount)s for services on the last bill")),
    "roaming_bill_last": Phrases(amount=_("%(amount)s for roaming on the last bill")),
    "over_fee_share": Phrases(amount=_("spends %(amount)s more than the plan fee")),
    "data_bill_last": Phrases(amount=_("%(amount)s for data beyond the plan on the last bill")),
    "data_bill_share": Phrases(amount=_("%(amount)s of the last bill spent on data beyond the plan")),
    "days_overdue": Phrases(amount=_("a bill overdue for %(amount)s")),
    "days_late": Phrases(amount=_("pays %(amount)s late on average")),
    "paid_90d": Phrases(amount=_("paid %(amount)s in 90 days")),
    "arrears": Phrases(amount=_("arrears of %(amount)s"), signs={"> 0": _("in arrears")}),
    "deposit": Phrases(amount=_("deposit of %(amount)s"), signs={"> 0": _("has a deposit")}),
    "balance_days": Phrases(amount=_("balance lasts %(amount)s")),
    "month_days_left": Phrases(
        amount=_("%(amount)s to the end of the month"), signs={"<=": _("month ends within %(value)s")}
    ),
    "month_end_short": Phrases(
        amount=_("%(amount)s short at the month-end deduction"),
        signs={"> 0": _("too little for the month-end deduction")},
    ),
    "points": Phrases(amount=_("%(amount)s collected")),
    "points_earned_90d": Phrases(
        amount=_("%(amount)s earned in 90 days"), signs={"= 0": _("no points earned in 90 days")}
    ),
    "points_redeemed_180d": Phrases(
        amount=_("%(amount)s redeemed in 180 days"), signs={"= 0": _("no points redeemed in 180 days")}
    ),
    "days_since_redemption": Phrases(
        amount=_("last redeemed points %(amount)s ago"),
        signs={
            "<=": _("redeemed points within the last %(value)s"),
            ">": _("last redeemed points more than %(value)s ago"),
        },
    ),
    "points_expiring_30d": Phrases(amount=_("%(amount)s expiring within 30 days")),
    "points_expiring_60d": Phrases(amount=_("%(amount)s expiring within 60 days")),
    "terminal_months": Phrases(amount=_("same terminal for %(amount)s")),
    "circle_size": Phrases(amount=_("%(amount)s in close contact")),
    "circle_rival_share": Phrases(amount=_("%(amount)s of the close contacts on other networks")),
    "circle_lines": Phrases(amount=_("in a circle of %(amount)s")),
    "circle_left_90d": Phrases(amount=_("%(amount)s of the circle gone in 90 days")),
    "circle_outside_rival_share": Phrases(amount=_("%(amount)s of the contacts outside the circle on other networks")),
    "group_size": Phrases(amount=_("in a group of %(amount)s")),
    "group_left_90d": Phrases(amount=_("%(amount)s of the group gone in 90 days")),
    "group_forward_share": Phrases(amount=_("%(amount)s of the group forwarding to a competitor")),
    "expected_gain": Phrases(
        signs={"<= 0": _("no gain is expected of a contact"), "> 0": _("a gain is expected of a contact")}
    ),
    "risk_decile": Phrases(signs={"=": _("risk decile %(value)s")}),
    "is_bundle": Phrases(yes=_("on a bundle"), no=_("not on a bundle")),
    "bundle_candidate": Phrases(yes=_("a candidate for a bundle"), no=_("no candidate for a bundle")),
    "bundle_lead": Phrases(
        yes=_("the line to speak to about a bundle"), no=_("not the line to speak to about a bundle")
    ),
    "has_data_service": Phrases(yes=_("has a data pack"), no=_("has no data pack")),
    "has_roaming_service": Phrases(yes=_("has a roaming pack"), no=_("has no roaming pack")),
    "service_fit": Phrases(signs={"notNull": _("a service fits its use"), "null": _("no service fits its use")}),
    "in_cohort": Phrases(yes=_("in a snapshot cohort"), no=_("in no snapshot cohort")),
    "promotion": Phrases(yes=_("joined on a promotion"), no=_("joined without a promotion")),
    "profiling_opt_out": Phrases(yes=_("opted out of profiling"), no=_("not opted out of profiling")),
    "in_contract": Phrases(yes=_("in contract"), no=_("not in contract")),
    "plan_fit_pays": Phrases(yes=_("proposing the best plan pays"), no=_("proposing the best plan does not pay")),
    "silent": Phrases(yes=_("no use at all in 30 days"), no=_("in use in the last 30 days")),
    "stopped_now": Phrases(yes=_("stopped by the last event"), no=_("not stopped by the last event")),
    "on_blacklist": Phrases(yes=_("on the blacklist"), no=_("not on the blacklist")),
    "do_not_disturb": Phrases(yes=_("on do not disturb"), no=_("not on do not disturb")),
    "false_user": Phrases(yes=_("a false user"), no=_("no false user")),
    "on_red_list": Phrases(yes=_("on the red list"), no=_("not on the red list")),
    "status": Phrases(
        codes={
            "active": pgettext_lazy("line", "active"),
            "stopped": pgettext_lazy("line", "stopped"),
            "terminated": pgettext_lazy("line", "terminated"),
        }
    ),
}
