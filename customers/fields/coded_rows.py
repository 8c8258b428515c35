"""Fields whose values are codes of rows, such as plans and branches: the code is stored, the name is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Q

from customers.cohorts.models import Cohort
from customers.facts.models import Plan, Policy
from retention.core.accounts.models import Branch, User
from retention.core.db.models import Bilingual, pick
from retention.core.managed.models import Managed
from retention.core.managed.permissions import visible_rows


@dataclass(frozen=True)
class CodedRows:
    """The rows of `model` (which has `code` and `name`), of branches those of one level or, for "", of every level."""

    model: type[models.Model]
    level: str = ""

    def rows(self) -> models.QuerySet:
        """All of them, by name."""
        found = self.model._default_manager.order_by("name", "code")
        return found.filter(level=self.level) if self.level else found

    def named(self, text: str, lookup: str = "iexact") -> Q:
        """Condition on the rows: one of their names, in either language, is `text`, or has it with "icontains"."""
        names = ("name", "name_zh") if issubclass(self.model, Bilingual) else ("name",)
        return Q(*(Q(**{f"{name}__{lookup}": text}) for name in names), _connector=Q.OR)

    def visible_to(self, user: User) -> models.QuerySet:
        """Those whose names this person may pick: branches of their own tree, any plan and policy, cohorts they see."""
        found = self.rows()
        if issubclass(self.model, Managed):
            return visible_rows(found, user)
        return found.filter(pk__in=Branch.objects.visible_to(user).values("pk")) if self.model is Branch else found


class RowNames(Mapping[str, str]):
    """{code: name}, read at the first look. One query, for every value that a page shows."""

    def __init__(self, coded: CodedRows) -> None:
        self.coded = coded

    @cached_property
    def names(self) -> dict[str, str]:
        rows = self.coded.rows()
        if issubclass(self.coded.model, Bilingual):
            return {code: pick(name, chinese) for code, name, chinese in rows.values_list("code", "name", "name_zh")}
        return dict(rows.values_list("code", "name"))

    def __getitem__(self, code: str) -> str:
        return self.names[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


PLANS, POLICIES = CodedRows(Plan), CodedRows(Policy)
CITIES, DISTRICTS = CodedRows(Branch, Branch.Level.CITY), CodedRows(Branch, Branch.Level.DISTRICT)
BRANCHES = CodedRows(Branch)
COHORTS = CodedRows(Cohort)
