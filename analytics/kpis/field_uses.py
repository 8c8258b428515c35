"""Which indicators read a field of the profile, for the page of the field."""

import re

from analytics.kpis.defaults import KPIS
from analytics.kpis.figures import figure_link
from customers.fields.uses import Use
from retention.core.accounts.models import User


def kpis_using(key: str, user: User) -> list[Use]:
    """Indicators over the profile whose SQL names the field; those with a list of their rows lead to it."""
    if not user.may("kpis.view"):
        return []
    named = re.compile(rf"\bp\.{key}\b")
    return [
        Use(str(kpi.label), figure_link(kpi) if kpi.counted else "")
        for kpi in KPIS.values()
        if named.search(f"{kpi.numerator} {kpi.denominator} {kpi.source.sql}")
    ]
