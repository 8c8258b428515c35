"""The variables of a template: a closed list, each with the SQL of its value as text; NULL or '' is no value.

The statement around it has the aliases: line, customer, plan, branch of the line, profile of the line (may be missing),
bill (the last one), given (values of the request as JSON), and spoken.language, "zh" or "en".
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.facts.models import Customer

COMPOUND_SURNAMES = (
    "欧阳", "上官", "司马", "诸葛", "司徒", "东方", "尉迟", "皇甫", "慕容", "令狐", "夏侯", "公孙", "轩辕", "端木",
    "长孙", "宇文", "申屠", "澹台", "独孤", "南宫",
)  # fmt: skip
_LISTED = ", ".join(f"'{one}'" for one in COMPOUND_SURNAMES)
# A name in Chinese letters begins with the surname, another one ends with it.
SURNAME = f"""CASE WHEN customer.name !~ '[一-鿿]' THEN regexp_replace(btrim(customer.name), '^.*\\s', '')
    WHEN char_length(customer.name) > 2 AND left(customer.name, 2) IN ({_LISTED}) THEN left(customer.name, 2)
    ELSE left(customer.name, 1) END"""
_PERSON = f"customer.kind = '{Customer.Kind.INDIVIDUAL}'"
SALUTATION = f"""CASE WHEN NOT {_PERSON} THEN customer.name
    WHEN spoken.language = 'zh' THEN {SURNAME} || CASE customer.gender WHEN 'male' THEN '先生' WHEN 'female' THEN '女士'
        ELSE '先生/女士' END
    ELSE CASE customer.gender WHEN 'male' THEN 'Mr ' WHEN 'female' THEN 'Ms ' ELSE '' END || {SURNAME} END"""


def _day(value: str) -> str:
    """A day as the language writes it: 2026年11月5日, 5 Nov 2026."""
    zh = f'to_char({value}, \'FMYYYY"年"FMMM"月"FMDD"日"\')'
    return f"CASE WHEN spoken.language = 'zh' THEN {zh} ELSE to_char({value}, 'FMDD Mon YYYY') END"


def _moment(value: str) -> str:
    """A day with its hour, by the operator's clock: 2026年11月5日14:30, 5 Nov 2026, 14:30."""
    return f"({_day(value)}) || CASE WHEN spoken.language = 'zh' THEN '' ELSE ', ' END || to_char({value}, 'HH24:MI')"


def _named(name: str, name_zh: str) -> str:
    return f"CASE WHEN spoken.language = 'zh' THEN coalesce(nullif({name_zh}, ''), {name}) ELSE {name} END"


@dataclass(frozen=True)
class Variable:
    """label: what it is, for the help beside a template. sql: its value. example: in (English, Chinese)."""

    label: Any
    sql: str
    example: tuple[str, str]


VARIABLES: dict[str, Variable] = {
    "name": Variable(_("name of the customer"), "customer.name", ("Li Ming", "李明")),
    "surname": Variable(_("surname"), SURNAME, ("Li", "李")),
    "salutation": Variable(_("surname with the form of address"), SALUTATION, ("Mr Li", "李先生")),
    "phone": Variable(_("last four digits of the number"), "right(line.phone_number, 4)", ("5678", "5678")),
    "plan": Variable(_("plan"), "plan.name", ("Joy 99", "畅享99")),
    "fee": Variable(_("monthly fee of the plan, in yuan"), "trim_scale(plan.monthly_fee)::text", ("99", "99")),
    "branch": Variable(_("branch"), "branch.name", ("North Branch", "城北分公司")),
    "bill": Variable(_("last bill, in yuan"), "to_char(bill.total, 'FM999999990.00')", ("128.50", "128.50")),
    "bill_month": Variable(
        _("month of the last bill"),
        "CASE WHEN spoken.language = 'zh' THEN to_char(bill.month, 'FMYYYY\"年\"FMMM\"月\"')"
        " ELSE to_char(bill.month, 'Mon YYYY') END",
        ("Oct 2026", "2026年10月"),
    ),
    "due_date": Variable(
        _("day on which the last bill is due"), _day("bill.due_on"), ("20 Nov 2026", "2026年11月20日")
    ),
    "points": Variable(_("points"), "profile.points::text", ("3200", "3200")),
    "contract_end": Variable(
        _("last day of the contract"), _day("profile.contract_ends_on"), ("31 Dec 2026", "2026年12月31日")
    ),
    # Given by who sends: campaigns and scenarios know the offer, the tables of this feature do not.
    "offer": Variable(
        _("name of the offer"), _named("given ->> 'offer'", "given ->> 'offer_zh'"), ("10 GB", "10GB流量")
    ),
    "until": Variable(_("last day of the offer"), _day("(given ->> 'until')::date"), ("30 Nov 2026", "2026年11月30日")),
    # Given on the call screen.
    "appointment": Variable(
        _("day and hour of the appointment"), _moment("(given ->> 'appointment')::timestamp"),
        ("30 Nov 2026, 14:30", "2026年11月30日14:30"),
    ),
}  # fmt: skip
EXAMPLES = {
    language: {name: one.example[place] for name, one in VARIABLES.items()}
    for place, language in enumerate(("en", "zh"))
}
