"""The list of cohorts with what is kept of each."""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from campaigns.cohorts.models import CohortCount
from campaigns.cohorts.queries import kept_by_month
from campaigns.cohorts.tables import CohortTable
from customers.cohorts.models import Cohort, CohortMember
from retention.core.accounts.models import User
from retention.core.managed.views.listing import ManagedList


class CohortList(ManagedList):
    model = Cohort
    name = "cohorts"
    permission = "cohorts.view"
    subtitle = _("A base frozen on a date, each member with an owner, and what is kept of it month by month.")
    table_class = CohortTable

    def get_queryset(self) -> list[dict[str, Any]]:
        """Figures are those of the members that the reader sees: of the own branch and below."""
        cohorts = list(Cohort.objects.visible_to(self.user).for_list())
        mine = CohortMember.objects.visible_to(self.user).order_by().values_list("cohort")
        counted = {pk: (n, unowned) for pk, n, unowned in mine.annotate(n=Count("pk"), unowned=Count("pk", _UNOWNED))}
        return [_row(one, self.user, *counted.get(one.pk, (0, 0))) for one in cohorts]


_UNOWNED = Q(owner=None)


def _row(cohort: Cohort, user: User, members: int, unowned: int) -> dict[str, Any]:
    newest = CohortCount.objects.filter(cohort=cohort).visible_to(user).order_by("-month").first()
    months = (
        kept_by_month(CohortCount.objects.filter(cohort=cohort, month=newest.month).visible_to(user)) if newest else []
    )
    last = months[-1] if months else None
    return {
        "pk": cohort.pk,
        "code": cohort.code,
        "name": cohort.title,
        "enabled": cohort.enabled,
        "frozen_on": cohort.frozen_on,
        "branch": cohort.branch,
        "members": members if cohort.frozen_on else None,
        "unowned": unowned if cohort.frozen_on else None,
        "month": last.month if last else None,
        "share": last.share if last else None,
        "revenue_share": last.revenue_share if last else None,
    }
