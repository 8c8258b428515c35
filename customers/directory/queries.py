"""The query of the customer list: filters, order and limits. Fast at millions of lines.

A page needs the ids of the first MAX_LISTED_LINES in order (one scan of the index `profile_list`), which also gives
their number, and then the lines it shows. Nothing here counts millions of rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from customers.facts.models import Subscriber
from customers.fields.attributes import custom_fields_by_key
from customers.fields.choices import COHORT_DAYS, TenureCohort
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from customers.risk.text.reasons import Reason, format_reasons
from retention.core.accounts.models import Branch, User
from retention.core.ui.figures import only_counted

MAX_LISTED_LINES = 10_000
EXPORT_CHUNK_LINES = 1_000
ORDER_COLUMNS = {"risk": "risk_probability", "arpu": "arpu", "contract_end": "contract_ends_on"}
DEFAULT_ORDER = "-risk"


@dataclass(frozen=True)
class Directory:
    """The lines that `user` may see and that match `filters`.

    filters: q, tier, line_type, status, cohort, branch (a Branch), plan (a Plan), figure (a key of FIGURES); blank ones
    do not filter. Without a search, figure or status: lines in use. order: a key of ORDER_COLUMNS, with a minus for the
    largest first; blanks come last.
    """

    user: User
    filters: Mapping[str, Any]
    today: date
    order: str = DEFAULT_ORDER

    def ids(self, stop: int | None = MAX_LISTED_LINES + 1) -> QuerySet:
        """Subscriber ids in order; lines that have left always by date of leaving, latest first."""
        if self.filters.get("status") == Subscriber.Status.TERMINATED:
            return self._lines().order_by("-terminated_on", "-pk").values_list("pk", flat=True)[:stop]
        found = self._lines() if self._reads_lines else self._profiles()
        column = F(("profile__" if self._reads_lines else "") + ORDER_COLUMNS[self.order.lstrip("-")])
        by = column.desc(nulls_last=True) if self.order.startswith("-") else column.asc(nulls_last=True)
        return found.order_by(by, "pk").values_list("pk", flat=True)[:stop]

    @cached_property
    def first_ids(self) -> list[int]:
        """The ids reachable by paging; one more than MAX_LISTED_LINES when there are more."""
        return list(self.ids())

    @property
    def count(self) -> int:
        return min(len(self.first_ids), MAX_LISTED_LINES)

    @property
    def is_cut(self) -> bool:
        return len(self.first_ids) > MAX_LISTED_LINES

    def lines(self, start: int, stop: int) -> list[Subscriber]:
        """The lines at these places, each with its newest reasons as `line.reasons`."""
        return with_reasons(self.first_ids[start:stop], for_agent=not self.user.may("churn.view"), today=self.today)

    def every_line(self) -> Iterator[Subscriber]:
        """All matching lines, a chunk at a time, for exports."""
        chunk: list[int] = []
        for pk in self.ids(stop=None).iterator(chunk_size=EXPORT_CHUNK_LINES):
            chunk.append(pk)
            if len(chunk) == EXPORT_CHUNK_LINES:
                yield from with_reasons(chunk, for_agent=False, today=self.today)
                chunk = []
        yield from with_reasons(chunk, for_agent=False, today=self.today)

    @property
    def _reads_lines(self) -> bool:
        """A search and a figure include lines that have left, which have no profile."""
        return bool(self.filters.get("q") or self.filters.get("figure"))

    def _profiles(self) -> QuerySet:
        found = SubscriberProfile.objects.visible_to(self.user)
        plan = self.filters.get("plan")
        equal = {
            "risk_tier": self.filters.get("tier"),
            "line_type": self.filters.get("line_type"),
            "status": self.filters.get("status"),
            "tenure_cohort": self.filters.get("cohort"),
            "plan_code": plan.code if plan else None,
        }
        return _in_branch(found.filter(**_non_blank(equal)), self.filters.get("branch"))

    def _lines(self) -> QuerySet:
        found = Subscriber.objects.visible_to(self.user)
        if self.filters.get("q"):
            found = found.search(self.filters["q"])
        found = only_counted(found, self.filters.get("figure", ""))
        equal = {
            "profile__risk_tier": self.filters.get("tier"),
            "line_type": self.filters.get("line_type"),
            "status": self.filters.get("status"),
            "plan": self.filters.get("plan"),
        }
        found = found.filter(**_non_blank(equal)).filter(_of_cohort(self.filters.get("cohort")))
        return _in_branch(found, self.filters.get("branch"))


def count_lines(*, user: User) -> dict[int, int]:
    """{branch: lines in use that the list shows the person}, without those of the branches below."""
    counted = SubscriberProfile.objects.visible_to(user).order_by().values("branch").annotate(lines=Count("pk"))
    return {one["branch"]: one["lines"] for one in counted}


def with_reasons(ids: Sequence[int], *, for_agent: bool, today: date) -> list[Subscriber]:
    """Lines in the order of `ids` with everything that the list shows; three queries for any number."""
    rows = Subscriber.objects.for_list().in_bulk(list(ids))
    lines = [rows[pk] for pk in ids if pk in rows]
    reasons_by_line = newest_reasons(lines, for_agent=for_agent, today=today)
    for line in lines:
        line.reasons = reasons_by_line.get(line.pk, [])
    return lines


def newest_reasons(lines: Sequence[Subscriber], *, for_agent: bool, today: date) -> dict[int, list[Reason]]:
    """{subscriber id: reasons of the score that its profile shows}, with the days as of `today`."""
    scored = {line.pk: line.profile.risk_scored_on for line in lines if hasattr(line, "profile")}
    days = {day for day in scored.values() if day}
    if not days:
        return {}
    scores = RiskScore.objects.filter(subscriber__in=list(scored), as_of__in=days)
    custom = custom_fields_by_key()
    return {
        pk: format_reasons(reasons, for_agent=for_agent, custom=custom, days_later=(today - as_of).days)
        for pk, as_of, reasons in scores.values_list("subscriber_id", "as_of", "reasons")
        if scored[pk] == as_of
    }


def _non_blank(equal: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in equal.items() if value}


def _in_branch(found: QuerySet, branch: Branch | None) -> QuerySet:
    return found.filter(branch__in=Branch.objects.under(branch).values("pk")) if branch else found


def _of_cohort(cohort: str | None) -> Q:
    """By days in service up to the end for lines that have left, else by the profile's cohort."""
    if not cohort:
        return Q()
    low, high = (timedelta(days=days) for days in COHORT_DAYS[TenureCohort(cohort)])
    stayed = Q(terminated_on__gte=F("activated_on") + low, terminated_on__lt=F("activated_on") + high)
    return Q(profile__tenure_cohort=cohort) | (Q(status=Subscriber.Status.TERMINATED) & stayed)
