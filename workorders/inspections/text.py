"""Values of plans in words, for pages and the history."""

from customers.facts.models import Customer
from retention.core.managed.text import Words
from retention.core.ui.formats import DASH


def _labels(choices: type[Customer.Kind] | type[Customer.Tier], values: list[str]) -> str:
    return ", ".join(str(choices(value).label) for value in values) or DASH


def plan_words() -> Words:
    return {
        "kinds": lambda values: _labels(Customer.Kind, values),
        "tiers": lambda values: _labels(Customer.Tier, values),
    }
