"""One cohort: what is kept of base and revenue by month, and of one month by owner and by branch."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from campaigns.audiences.builder.views import RuleWords
from campaigns.audiences.text import format_stored_rule
from campaigns.cohorts.charts import kept_chart
from campaigns.cohorts.forms import CohortFilter, CohortForm
from campaigns.cohorts.models import CohortCount
from campaigns.cohorts.queries import NOBODY, Baseline, Kept, kept_by_branch, kept_by_month, kept_by_owner
from campaigns.cohorts.tables import BranchTable, MonthTable, OwnerTable, members_url
from customers.cohorts.models import Cohort, CohortMember
from retention.core.accounts.models import Branch, User
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.ui import formats


class CohortPages(RuleWords, ManagedPage):
    model = Cohort
    kind_form = CohortForm
    templates = "campaigns/cohorts"


class CohortPage(CohortPages, ManagedDetail):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        shown = self.get_figures(row) if row.frozen_on else {"form": None}
        return super().get_context_data(says=format_stored_rule(row.rule, self.rule_fields).says, **shown, **kwargs)

    def get_figures(self, row: Cohort) -> dict[str, Any]:
        seen = CohortCount.objects.filter(cohort=row).visible_to(self.user)
        days = seen.months()
        form = CohortFilter(self.request.GET, user=self.user, months=days[::-1])
        sent = form.cleaned_data if form.is_valid() else {}
        branch = sent.get("branch")
        month = next((day for day in days if str(day) == sent.get("month")), days[-1] if days else None)
        members = CohortMember.objects.filter(cohort=row).visible_to(self.user)
        if branch:
            members = members.filter(branch__in=Branch.objects.under(branch).values("pk"))
        months = kept_by_month(seen.under(branch))
        groups = seen.under(branch).filter(month=month) if month else Baseline(members)
        url = partial(members_url, row.code, branch=branch and branch.code)
        top = branch or _top_branch(row, self.user)
        links = [url(month=one.month) for one in months]
        return {
            "form": form if days else None,
            "may_allot": self.user.may(Cohort.edit_permission),
            "month": month,
            "now": next((one for one in months if one.month == month), None),
            "before": next((one for one in reversed(months) if month and one.month and one.month < month), None),
            "seen_members": members.count(),
            "unowned": members.filter(owner=None).count(),
            "unowned_url": url(owner=NOBODY, month="now"),
            "members_url": url(month=month),
            "lost_url": url(month=month, state="lost-all"),
            "chart": kept_chart(row.frozen_on, months, links) if months and row.frozen_on else None,
            "months": MonthTable([_row(_day(one.month), one, partial(url, month=one.month)) for one in months[::-1]]),
            "owners": OwnerTable(
                [_row(name, kept, partial(url, month=month or "now", owner=who))
                 for who, name, kept in kept_by_owner(groups)]
            ),
            "branches": BranchTable(
                [_row(place.name, kept, _branch_url(row.code, month, place, top))
                 for place, kept in kept_by_branch(groups, top=top)]
            ),
        }  # fmt: skip


def _top_branch(row: Cohort, user: User) -> Branch | None:
    """Whose branches below are compared: the reader's own, or the cohort's where that is the deeper one."""
    own, home = row.branch, user.branch
    return home if own is None or home and home.path.startswith(own.path) else own


def _row(title: str, kept: Kept, url: Callable[..., str]) -> dict[str, Any]:
    return {"title": title, "kept": kept, "url": url}


def _day(month: date | None) -> str:
    return formats.moment(month) if month else formats.DASH


def _branch_url(code: str, month: date | None, place: Branch, top: Branch | None) -> Callable[..., str]:
    """Of a branch with those below it; of `top` itself what was frozen there and no deeper."""
    alone = {"here": "on"} if top and place.pk == top.pk else {}
    return partial(members_url, code, month=month or "now", branch=place.code, **alone)
