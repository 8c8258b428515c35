"""The list of cohorts with what is kept of each."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.cohorts.queries import CohortFigures, figures_by_cohort
from campaigns.cohorts.tables import CohortTable
from customers.cohorts.models import Cohort
from retention.core.managed.views.listing import ManagedList


class CohortList(ManagedList):
    model = Cohort
    name = "cohorts"
    permission = "cohorts.view"
    subtitle = _("A base frozen on a date, each member with an owner, and what is kept of it month by month.")
    table_class = CohortTable

    def get_queryset(self) -> list[dict[str, Any]]:
        """Figures are those of the members that the reader sees: of the own branch and below."""
        found = figures_by_cohort(self.user)
        return [_row(one, found.get(one.pk)) for one in Cohort.objects.visible_to(self.user).for_list()]


def _row(cohort: Cohort, seen: CohortFigures | None) -> dict[str, Any]:
    last = seen.newest if seen else None
    return {
        "pk": cohort.pk,
        "code": cohort.code,
        "name": cohort.title,
        "enabled": cohort.enabled,
        "frozen_on": cohort.frozen_on,
        "branch": cohort.branch,
        "members": seen.members if seen else None,
        "base": seen.base if seen else None,
        "unowned": seen.unowned if seen else None,
        "month": last.month if last else None,
        "share": last.share if last else None,
        "revenue_share": last.revenue_share if last else None,
    }
