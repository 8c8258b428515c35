"""The business reasons that the factors of a score add up to, with the agent's talk and action for each.

A theme is what a manager and an agent talk about ("price and plan"); a factor is what the model saw ("pays 40% more
than the plan fee"). Contributions are log-odds, so those of a theme's factors simply add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields import FIELDS, ThemeKey

BASE_THEME = "base"
# A business reason counts as one when its factors raise the log-odds by at least this much: the odds by a quarter.
MIN_THEME_LOG_ODDS = 0.22


@dataclass(frozen=True)
class Theme:
    """raises, lowers: what it means when the theme speaks for and against leaving. sayable: may be mentioned to the
    customer. actionable: something can be done about it. talk: the agent's talk track or action."""

    key: ThemeKey
    label: object
    raises: object
    lowers: object
    talk: object
    icon: str
    sayable: bool = True
    actionable: bool = True


ALL_THEMES = (
    Theme(
        ThemeKey.USAGE,
        _("Usage is falling"),
        _("The line and its services are used less or differently than before."),
        _("The line is used as it always was."),
        _("Ask what has changed in how the line is used. Offer a plan that fits today's use before any discount."),
        "trending-down",
    ),
    Theme(
        ThemeKey.PRICE,
        _("Price and plan"),
        _("What is paid and what is used do not fit together, or a discount has ended."),
        _("The plan fits what is used."),
        _("Go through the last bill together, name what costs extra, and work out the plan that fits the use."),
        "coin-yuan",
    ),
    Theme(
        ThemeKey.CONTRACT,
        _("Contract and bundle"),
        _("Little binds the line: a contract ends or has ended, or the line is in no bundle."),
        _("A running contract or a bundle holds the line."),
        _("Say when the contract ends and what stays when it is renewed now. Check which bundle suits the household."),
        "file-text",
    ),
    Theme(
        ThemeKey.SERVICE,
        _("Service problems"),
        _("Complaints, open tickets or bad answers weigh on the relation."),
        _("No service trouble is known."),
        _("Apologise first and say where the open matter stands. Promise a date only when it is certain, and keep it."),
        "headset",
    ),
    Theme(
        ThemeKey.NETWORK,
        _("Network quality"),
        _("Calls drop or faults were reported."),
        _("The network gives no trouble."),
        _("Ask where and when it fails, open a fault report on the spot, and call back when it is repaired."),
        "antenna",
    ),
    Theme(
        ThemeKey.RIVAL,
        _("Contact with competitors"),
        _("There are signs of another operator: hotline calls, forwarding, inquiries or a second number."),
        _("There are no signs of another operator."),
        _("Do not mention what was seen. Ask how satisfied the customer is and what would be a reason to stay."),
        "git-branch",
        sayable=False,
    ),
    Theme(
        ThemeKey.PAYMENT,
        _("Payment and stops"),
        _("Bills are late, the line was stopped, or nothing has been paid for long."),
        _("Payments come as agreed."),
        _("Help to get the line paid and running: other days, other ways to pay. Leave blame out of it."),
        "receipt",
    ),
    Theme(
        ThemeKey.HANDSET,
        _("Handset"),
        _("The phone is of an age or kind at which people look around for a new one."),
        _("The phone is no reason to look around."),
        _("Ask how the phone serves, and name the handset offers that come with a renewal."),
        "device-mobile",
    ),
    Theme(
        ThemeKey.GROUP,
        _("Household and group"),
        _("People around the line have left, or nobody else of the household is with us."),
        _("Household and group are with us and stay."),
        _("Say nothing about other people's lines. Ask who else at home or at work uses us, offer what helps all."),
        "users-group",
        sayable=False,
    ),
    Theme(
        ThemeKey.JOINING,
        _("Joining and time with us"),
        _("Lines that joined this way, or are with us this long, leave more often."),
        _("Lines that are with us this long seldom leave."),
        _("With a new line: ask whether what was promised at the sale came true, and put right what did not."),
        "user-plus",
        sayable=False,
    ),
    Theme(
        ThemeKey.PROFILE,
        _("Who they are"),
        _("Customers of this kind and place leave more often."),
        _("Customers of this kind and place seldom leave."),
        _("Nothing to say or do about this one: it only tells how likely leaving is."),
        "user-circle",
        sayable=False,
        actionable=False,
    ),
    Theme(
        ThemeKey.OWN,
        _("Operator's own data"),
        _("The operator's own data speak for leaving."),
        _("The operator's own data speak for staying."),
        _("Look at the values below: whether they may be said is for the operator to decide."),
        "database",
        sayable=False,
        actionable=False,
    ),
)
THEMES: dict[str, Theme] = {str(theme.key): theme for theme in ALL_THEMES}


def theme_of(factor: str) -> str:
    """The key of the theme of a factor (a profile field, or an own field as `attributes.key`)."""
    field = FIELDS.get(factor)
    return str(field.theme) if field and field.theme else str(ThemeKey.OWN)


def sum_by_theme(factors: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """{theme: log-odds} of factors as a RiskScore keeps them: the sum over those listed, strongest sum first."""
    found: dict[str, float] = {}
    for one in factors:
        key = theme_of(str(one["factor"]))
        found[key] = found.get(key, 0.0) + float(one["contribution"])
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
