"""The texts of one template for many lines, as SQL: no loop over subscribers.

asked     the requests, %(name)s arrays: place, subscriber_id, origin_key, given (JSON of the sender's own values)
rendered  each with its customer, address, language, subject, text, and `obstacle`, '' where it can be sent
"""

from datetime import timedelta
from typing import Any

from campaigns.messages.models import MAX_SMS, MessageTemplate, Obstacle
from campaigns.messages.rules import OPT_OUT_ENDINGS, variables_in
from campaigns.messages.variables import VARIABLES
from campaigns.outreach.models import ContactPolicy, ContactPurpose
from customers.contacts.numbers import call_number_sql, is_out_of_use_sql
from customers.facts.models import Account, Bill, Customer, LineType, Plan, Subscriber
from customers.lists.models import ListEntry
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import Branch

BILL_AGE = timedelta(days=95)  # an older bill is not told
# Lines that can be sent an SMS; of a line out of use the customer has the contact phone.
_TEXTABLE = f"line.line_type IN ('{LineType.MOBILE}', '{LineType.WIRELESS_LANDLINE}')"
ADDRESSES = {
    ListEntry.Channel.SMS.value: f"CASE WHEN {_TEXTABLE} OR {is_out_of_use_sql('line')}"
    f" THEN {call_number_sql('line')} ELSE '' END",
    ListEntry.Channel.APP.value: f"CASE WHEN {is_out_of_use_sql('line')} THEN '' ELSE line.subscriber_no END",
    ListEntry.Channel.EMAIL.value: "CASE WHEN customer.email LIKE '%%_@_%%' THEN customer.email ELSE '' END",
}
ASKED = """unnest(%(places)s::int[], %(subscribers)s::bigint[], %(origin_keys)s::text[], %(given)s::jsonb[])
    AS r(place, subscriber_id, origin_key, given)"""
# Chinese for those who speak it and those of whom nothing is known, as far as there is a text.
_LANGUAGE = """CASE WHEN %(body_zh)s = '' THEN 'en' WHEN %(body)s = '' THEN 'zh'
    WHEN customer.language = '' OR customer.language ILIKE 'zh%%' THEN 'zh' ELSE 'en' END"""
_FROM = f"""
FROM {ASKED}
JOIN {Subscriber._meta.db_table} line ON line.id = r.subscriber_id
JOIN {Account._meta.db_table} account ON account.id = line.account_id
JOIN {Customer._meta.db_table} customer ON customer.id = account.customer_id
JOIN {Plan._meta.db_table} plan ON plan.id = line.plan_id
JOIN {Branch._meta.db_table} branch ON branch.id = line.branch_id
LEFT JOIN {SubscriberProfile._meta.db_table} profile ON profile.subscriber_id = line.id
LEFT JOIN LATERAL (
    SELECT b.* FROM {Bill._meta.db_table} b
    WHERE b.subscriber_id = line.id AND b.month > %(bills_since)s ORDER BY b.month DESC LIMIT 1
) bill ON true
CROSS JOIN LATERAL (SELECT {_LANGUAGE} AS language) spoken
"""


def rendering_sql(template: MessageTemplate) -> str:
    """SELECT of place, origin_key, subscriber_id, customer_id, branch_id, address, subject, text, obstacle.

    Parameters: those of ASKED, `text_parameters`, and bills_since, a date: older bills are not told.
    """
    used = variables_in(*template.texts().values())
    values = "".join(f", {_plain(VARIABLES[name].sql)} AS v_{name}" for name in used)
    facts = f"""SELECT r.place, r.origin_key, line.id AS subscriber_id, customer.id AS customer_id, line.branch_id,
        spoken.language, {ADDRESSES[template.channel]} AS address {values} {_FROM}"""
    missing = " OR ".join(
        f"(language = '{language}' AND ({_missing(template, ending)}))" for language, ending in _ENDINGS.items()
    )
    written = f"SELECT f.*, {_filled('subject', used)} AS subject, {_filled('body', used)} AS text FROM ({facts}) f"
    return f"""SELECT w.*, CASE WHEN address = '' THEN '{Obstacle.NO_ADDRESS}'
            WHEN {missing} THEN '{Obstacle.MISSING_VALUE}'
            WHEN {_too_long(template)} THEN '{Obstacle.TOO_LONG}' ELSE '' END AS obstacle
        FROM ({written}) w"""


_ENDINGS = {"en": "", "zh": "_zh"}


def _plain(sql: str) -> str:
    """Without braces, so that no value can name another variable."""
    return f"translate(coalesce({sql.replace('given ->>', 'r.given ->>')}, ''), '{{}}', '')"


def _missing(template: MessageTemplate, ending: str) -> str:
    used = variables_in(getattr(template, f"subject{ending}"), getattr(template, f"body{ending}"))
    return " OR ".join(f"v_{name} = ''" for name in used) or "false"


def _filled(what: str, used: list[str]) -> str:
    text = f"CASE language WHEN 'zh' THEN %({what}_zh)s ELSE %({what})s END::text"
    for name in used:
        text = f"replace({text}, '{{{name}}}', v_{name})"
    if what == "body":
        text = f"{text} || CASE language WHEN 'zh' THEN %(ending_zh)s ELSE %(ending)s END"
    return text


def _too_long(template: MessageTemplate) -> str:
    return f"char_length(text) > {MAX_SMS}" if template.is_sms else "false"


def text_parameters(template: MessageTemplate) -> dict[str, Any]:
    """The texts as approved, and what is put after them."""
    texts = {name: getattr(template, name) for name in ("subject", "subject_zh", "body", "body_zh")}
    return texts | {
        "ending": ending_of(template.channel, template.purpose, "en"),
        "ending_zh": ending_of(template.channel, template.purpose, "zh"),
    }


def ending_of(channel: str, purpose: str, language: str) -> str:
    """How to opt out, where the purpose is marketing or needs consent; else nothing."""
    needed = purpose == ContactPurpose.MARKETING or purpose in ContactPolicy.objects.current().consent_needed
    return OPT_OUT_ENDINGS[channel, language] if needed else ""
