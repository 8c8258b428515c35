"""Which lines a back-test is about."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from campaigns.audiences.rules import Group
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import Role

LINE_TYPE = "line_type"


@dataclass(frozen=True)
class Scope:
    """branches: ids of those whose lines count, None for all. line_types: of the lines compared with, () for all."""

    branches: QuerySet | None = None
    line_types: tuple[str, ...] = ()

    @classmethod
    def of(cls, tree: Group, *, user: User | None = None, branch: Branch | None = None) -> Self:
        """The lines of the rule's line types in `branch` and below that `user` may see (None: everybody's)."""
        found = None
        if user is not None and user.role != Role.ADMINISTRATOR:
            found = Branch.objects.under(user.branch)
        if branch is not None:
            found = Branch.objects.under(branch) if found is None else found & Branch.objects.under(branch)
        return cls(None if found is None else found.values("pk"), line_types_of(tree))

    def branch_ids(self) -> set[int] | None:
        """None for all."""
        return None if self.branches is None else {row["pk"] for row in self.branches}

    def filters(self, path: str = "") -> dict[str, Any]:
        """Of a queryset from whose rows `path` leads to the line, such as "subscriber__"."""
        found: dict[str, Any] = {} if self.branches is None else {f"{path}branch__in": self.branches}
        return found | ({f"{path}line_type__in": self.line_types} if self.line_types else {})


def line_types_of(tree: Group) -> tuple[str, ...]:
    """The line types that the rule as a whole keeps to; () where it keeps to none."""
    if tree.negated or (tree.combinator == "or" and len(tree.rules) > 1):
        return ()
    for one in tree.rules:
        if not isinstance(one, Group) and one.field.key == LINE_TYPE and one.operator.sign in {"=", "in"}:
            return tuple(str(value) for value in (one.many if one.operator.sign == "in" else [one.single]))
    return ()
