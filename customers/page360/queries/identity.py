"""The identity section of the 360 page: the customer, the line, its group and circle, and the other lines the user may
see. Phone numbers and addresses are masked.
"""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from customers.facts import text
from customers.facts.models import Attribute, CustomField, Subscriber
from customers.fields import FIELDS
from customers.fields.line_types import view_of
from customers.fields.text import format_value
from customers.page360.queries.head import profile_of
from retention.core import masking
from retention.core.accounts.models import User
from retention.core.ui import formats

MAX_RELATED_LINES = 12


def other_lines(line: Subscriber, user: User) -> list[Subscriber]:
    """Lines of the same customer or the same group, the customer's own first; risk from their profiles."""
    rows = Subscriber.objects.visible_to(user).beside(line)
    found = list(rows.for_list().order_by("pk")[: MAX_RELATED_LINES * 4])
    found.sort(key=lambda other: (other.account.customer_id != line.account.customer_id, other.status, other.pk))
    return found[:MAX_RELATED_LINES]


def line_addresses(user: User, numbers: Sequence[str]) -> dict[str, str]:
    """{subscriber number: address of its page} of those lines that this person may see."""
    seen = Subscriber.objects.visible_to(user).filter(subscriber_no__in=numbers).values_list("subscriber_no", flat=True)
    return {number: reverse("customers:detail", args=[number]) for number in seen}


# (label, value), of a measure (label, value, key of its meaning).
Facts = list[tuple[str, object] | tuple[str, object, str]]


def group_summary(line: Subscriber) -> Facts:
    """The group and the calling circle from the profile; unknown values are left out."""
    profile, group = profile_of(line), line.group
    pairs: Facts = []
    if group:
        pairs.append((_("Group"), f"{group.name} ({group.get_kind_display()})"))
    if profile and profile.group_size:
        pairs.append(
            (
                _("Members"),
                _with_share(profile.group_size, profile.group_left_90d, _("%(share)s left in 90 days")),
                "group_size",
            )
        )
    if profile and profile.circle_size:
        on_rivals = _with_share(profile.circle_size, profile.circle_rival_share, _("%(share)s on other networks"))
        pairs.append((_("Strong contacts"), on_rivals, "circle_size"))
    return pairs


def _with_share(count: int, share: float | None, text: str) -> str:
    shown = formats.number(count)
    return f"{shown} · {text % {'share': formats.percent(share)}}" if share else shown


def customer_facts(line: Subscriber, *, today: date) -> Facts:
    """The customer and the account, as (label, value); unknown values are left out."""
    account, customer = line.account, line.account.customer
    pairs: Facts = [
        (_("Customer number"), customer.customer_no),
        (_("Kind"), customer.get_kind_display()),
        (_("Member tier"), customer.get_tier_display(), "customer_tier"),
        (_("Service level"), text.format_source_code(customer.service_level), "service_level"),
        (_("Gender"), format_gender(customer.gender)),
        (_("Age"), format_age(customer.birth_date, today)),
        (_("Contact phone"), masking.mask_phone(customer.contact_phone)),
        (_("E-mail"), masking.mask_email(customer.email)),
        (_("Language"), language_name(customer.language)),
        (_("Customer since"), _day(customer.joined_on), "customer_since"),
        (_("Branch"), customer.branch.name),
        (_("Account"), account.account_no),
        (_("Payment type"), account.get_pay_mode_display()),
        (
            _("Credit limit"),
            formats.money(account.credit_limit) if account.credit_limit is not None else "",
            "credit_limit",
        ),
        (_("Profiling"), _("opted out") if customer.profiling_opt_out else "", "profiling_opt_out"),
    ]
    return _known(pairs)


def type_facts(line: Subscriber) -> Facts:
    """What matters of a line of this type, from its profile; unknown values are left out, a count of none is not."""
    profile = profile_of(line)
    if profile is None:
        return []
    shown = [(FIELDS[key], getattr(profile, key)) for key in view_of(line.line_type).facts]
    return [(str(one.label), format_value(one, value), one.key) for one, value in shown if value not in (None, "")]


def line_facts(line: Subscriber) -> Facts:
    """The line: type, plan, start, state."""
    pairs: Facts = [
        (_("Line type"), line.get_line_type_display()),
        (_("Plan"), f"{line.plan.name} ({formats.money(line.plan.monthly_fee)})", "plan_fee"),
        (_("Included"), _included(line), "plan_allowance"),
        (_("Bandwidth"), _bandwidth(line), "bandwidth"),
        (_("Joined"), _day(line.activated_on)),
        (_("Through"), text.format_source_code(line.channel)),
        (_("Promotion"), line.promotion_code),
        (_("Status"), _status(line), "line_status"),
        (_("Bundle"), line.bundle_no),
        (_("Group"), line.group.name if line.group else ""),
        (_("Line's branch"), line.branch.name),
    ]
    return _known(pairs)


def attributes(line: Subscriber) -> Facts:
    """The operator's own fields that have a value for this line."""
    rows = Attribute.objects.filter(subscriber=line).select_related("field").order_by("field__key")
    return _known([(row.field.title, _attribute(row)) for row in rows])


def format_age(born: date | None, today: date) -> str:
    if not born:
        return ""
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return _("%(years)d years") % {"years": years}


def format_gender(code: str) -> str:
    words = {"male": _("Male"), "m": _("Male"), "female": _("Female"), "f": _("Female")}
    return words.get(code.lower(), code)


def language_name(code: str) -> str:
    """The language's name in itself; a code unknown to Django is returned unchanged."""
    try:
        return get_language_info(code)["name_local"] if code else ""
    except KeyError:
        return code


def _bandwidth(line: Subscriber) -> str:
    """Where type_facts() does not say it."""
    if not line.bandwidth_mbps or profile_of(line) and "bandwidth" in view_of(line.line_type).facts:
        return ""
    return f"{line.bandwidth_mbps} Mbps"


def _included(line: Subscriber) -> str:
    plan = line.plan
    parts = [
        _("%(minutes)s minutes") % {"minutes": formats.number(plan.voice_minutes)} if plan.voice_minutes else "",
        f"{formats.number(plan.data_mb / 1024, 0 if plan.data_mb % 1024 == 0 else 1)} GB" if plan.data_mb else "",
        _("%(messages)s messages") % {"messages": formats.number(plan.sms_count)} if plan.sms_count else "",
    ]
    return ", ".join(part for part in parts if part)


def _status(line: Subscriber) -> str:
    word = str(line.get_status_display())
    why = line.get_termination_reason_display() or text.format_source_code(line.status_reason)
    when = _day(line.terminated_on)
    return " · ".join(part for part in [word, str(why), when] if part)


def _attribute(row: Attribute) -> str:
    if row.field.kind == CustomField.Kind.FLAG:
        return _("yes") if row.value.lower() in {"1", "true", "yes"} else _("no")
    return row.value


def _day(day: date | None) -> str:
    return date_format(day) if day else ""


def _known(pairs: Facts) -> Facts:
    return [pair for pair in pairs if pair[1] not in ("", None)]
