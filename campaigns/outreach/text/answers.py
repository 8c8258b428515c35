"""The gate's answers as sentences: why not, by which row, and from when on."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, ngettext

from campaigns.outreach.models import ContactPurpose, RefusalReason
from campaigns.outreach.queries import OF_LISTS, Answer, NextCall
from campaigns.outreach.rules import ORDER_CALL
from campaigns.outreach.text.policy import format_hours, format_purposes
from customers.contacts.text import format_contact_code
from customers.facts.models import Consent
from customers.facts.text import format_source_code
from customers.lists.models import ListEntry
from retention.core.ui.formats import moment

Behind = Mapping[str, Any]
SCENARIO, CAMPAIGN = "scenario", "campaign"


def format_source(source: str) -> str:
    """Who asked for a contact, as the ledger names it: `scenario:S13`, `campaign:autumn`, `order:W261120-000012`,
    `source:warning-list`."""
    kind, _colon, key = source.partition(":")
    if kind == CAMPAIGN:
        return gettext("campaign %(code)s") % {"code": key}
    if kind == ORDER_CALL:
        return gettext("order %(number)s") % {"number": key}
    return gettext("scenario %(code)s") % {"code": key} if kind == SCENARIO else format_contact_code(key or source)


def format_because(reason: str, behind: Behind, *, channel: str, purpose: str) -> str:
    """Why a contact is or was refused, with the row that the rule goes by; behind: as queries.Answer."""
    writer = _WRITERS.get(RefusalReason(reason))
    words = {"channel": dict(ListEntry.Channel.choices)[channel], "purpose": dict(ContactPurpose.choices).get(purpose)}
    return writer(behind, words) if writer else str(RefusalReason(reason).label)


def format_why(answer: Answer) -> str:
    """The sentence of a live answer; "" for one that may be made now."""
    request = answer.request
    if answer.reason is None:
        return ""
    if answer.reason == RefusalReason.QUIET_HOURS:
        return gettext("Quiet hours: %(hours)s.") % {"hours": format_hours(answer.policy, request.channel)}
    return format_because(answer.reason, answer.behind, channel=request.channel, purpose=request.purpose)


def format_first_allowed(answer: Answer, *, now: datetime) -> str:
    """From when on the contact may be made; what has to happen first where no time is known."""
    if answer.at is not None:
        return gettext("Now") if answer.at <= now else gettext("from %(day)s") % {"day": moment(answer.at)}
    if answer.reason == RefusalReason.ALREADY_RESERVED and answer.behind.get("order_no"):
        return gettext("when order %(number)s is closed") % {"number": answer.behind["order_no"]}
    return _OPEN_ENDS.get(answer.reason, lambda: gettext("never by this policy"))() if answer.reason else ""


def format_next_call(answer: NextCall, *, now: datetime) -> str:
    """From when on a call may be made; the reason where no end is known."""
    if answer.at is None:
        return str(answer.reason.label) if answer.reason else ""
    if answer.at <= now:
        return gettext("Now")
    return gettext("from %(day)s") % {"day": moment(answer.at)}


# What has to happen first, where no time is known. Callables: in the language of the reader.
_OPEN_ENDS: dict[RefusalReason | None, Callable[[], str]] = {
    RefusalReason.RESTORED: lambda: gettext("when the opt-outs are applied"),
    RefusalReason.CONSENT_REFUSED: lambda: gettext("when the customer agrees again"),
    RefusalReason.CONSENT_MISSING: lambda: gettext("when the customer agrees"),
    RefusalReason.PROFILING_OPT_OUT: lambda: gettext("when the customer takes the opt-out back"),
    RefusalReason.HELD_OUT: lambda: gettext("when the measurement ends"),
    RefusalReason.ALREADY_RESERVED: lambda: gettext("when the other customer's order is closed"),
    **{reason: lambda: gettext("until removed") for reason in OF_LISTS},
}


def _of_list(reason: RefusalReason) -> Callable[[Behind, Any], str]:
    def write(behind: Behind, words: Any) -> str:
        if not behind:
            return str(reason.label)
        facts = {"list": reason.label, "day": _day(behind), "note": behind["note"]}
        if not behind["own"]:
            return gettext("%(list)s since %(day)s: asked for by another customer at this number.") % facts
        if not facts["note"]:
            return gettext("%(list)s since %(day)s.") % facts
        return gettext("%(list)s since %(day)s: %(note)s.") % facts

    return write


def _refused(behind: Behind, words: Any) -> str:
    if not behind:
        return str(RefusalReason.CONSENT_REFUSED.label)
    facts = {
        "channel": dict(Consent.Channel.choices)[behind["channel"]],
        "purpose": dict(Consent.Purpose.choices)[behind["purpose"]],
        "source": format_source_code(behind["source"]),
        "day": _day(behind),
        "proof": behind["proof"],
    }
    if not behind["own"]:
        return gettext("%(channel)s, %(purpose)s: refused on %(day)s for another line at this number.") % facts
    if facts["proof"]:
        return gettext("%(channel)s, %(purpose)s: refused by %(source)s on %(day)s, reference %(proof)s.") % facts
    return gettext("%(channel)s, %(purpose)s: refused by %(source)s on %(day)s.") % facts


def _missing(behind: Behind, words: Any) -> str:
    return gettext("%(purpose)s needs a consent, and there is none for this line: %(channel)s.") % words


def _held_out(behind: Behind, words: Any) -> str:
    if not behind:
        return str(RefusalReason.HELD_OUT.label)
    campaign = behind["origin"].partition(":")[2]
    facts = {"campaign": campaign, "day": moment(parse_date(behind["until"])) if behind["until"] else ""}
    if campaign and behind["until"]:
        return gettext("Held out for measurement until %(day)s: control group of campaign %(campaign)s.") % facts
    if campaign:
        return gettext("Held out for measurement: control group of campaign %(campaign)s.") % facts
    return gettext("Held out for measurement: one of the few customers whom no campaign contacts.")


def _planned(behind: Behind, words: Any) -> str:
    if not behind:
        return gettext("Another request of the same moment got the contact.")
    if not behind["own"]:
        return gettext("Another customer at this number is about to be contacted, since %(day)s.") % {
            "day": _day(behind)
        }
    facts = {"number": behind["order_no"], "day": _day(behind), "source": format_source(behind["source"])}
    return gettext("Order %(number)s has held the customer since %(day)s (%(source)s).") % facts


def _spent(rule: Callable[[Behind, int], str]) -> Callable[[Behind, Any], str]:
    """rule: the cap in words, of the contacts made."""

    def write(behind: Behind, words: Any) -> str:
        if not behind:
            return gettext("The policy allows none.")
        facts = {**behind, **words, "day": _day(behind), "kept": format_purposes(behind.get("kept_for", ()))}
        return " ".join(part % facts for part in (rule(behind, behind["made"]), gettext("Full since %(day)s.")))

    return write


_WRITERS: dict[RefusalReason, Callable[[Behind, Any], str]] = {
    RefusalReason.BLACKLISTED: _of_list(RefusalReason.BLACKLISTED),
    RefusalReason.FALSE_USER: _of_list(RefusalReason.FALSE_USER),
    RefusalReason.DO_NOT_DISTURB: _of_list(RefusalReason.DO_NOT_DISTURB),
    RefusalReason.OWN_LIST: _of_list(RefusalReason.OWN_LIST),
    RefusalReason.CONSENT_REFUSED: _refused,
    RefusalReason.CONSENT_MISSING: _missing,
    RefusalReason.PROFILING_OPT_OUT: lambda behind, words: gettext(
        "The customer opted out of profiling, and a risk score asks for this contact."
    ),
    RefusalReason.HELD_OUT: _held_out,
    RefusalReason.ALREADY_RESERVED: _planned,
    RefusalReason.ATTEMPTS_SPENT: _spent(
        lambda behind, made: ngettext(
            "%(made)s call attempt in %(days)s days, at most %(most)s.",
            "%(made)s call attempts in %(days)s days, at most %(most)s.",
            made,
        )
    ),
    RefusalReason.CONNECTED_LATELY: _spent(
        lambda behind, made: ngettext(
            "%(made)s conversation about %(purpose)s in %(days)s days, at most %(most)s.",
            "%(made)s conversations about %(purpose)s in %(days)s days, at most %(most)s.",
            made,
        )
    ),
    RefusalReason.MESSAGES_SPENT: _spent(
        lambda behind, made: ngettext(
            "%(made)s message in %(days)s days, at most %(most)s.",
            "%(made)s messages in %(days)s days, at most %(most)s.",
            made,
        )
    ),
    RefusalReason.CONTACTS_SPENT: _spent(
        lambda behind, made: ngettext(
            "%(made)s contact of any kind in %(days)s days, at most %(most)s.",
            "%(made)s contacts of any kind in %(days)s days, at most %(most)s.",
            made,
        )
    ),
    RefusalReason.PURPOSE_SPENT: _spent(
        lambda behind, made: ngettext(
            "%(made)s contact for %(purpose)s in %(days)s days, at most %(most)s.",
            "%(made)s contacts for %(purpose)s in %(days)s days, at most %(most)s.",
            made,
        )
    ),
    RefusalReason.BUDGET_KEPT: _spent(
        lambda behind, made: ngettext(
            "%(made)s contact in %(days)s days; what is left is kept for %(kept)s.",
            "%(made)s contacts in %(days)s days; what is left is kept for %(kept)s.",
            made,
        )
    ),
}


def _day(behind: Behind) -> str:
    """A day of lists, else an instant."""
    text = behind["since"]
    since: date | datetime | None = parse_datetime(text) if "T" in text else parse_date(text)
    return moment(since)
