"""A learning task on a table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.churn.queries.files import Table
from retention.core.errors import Invalid


@dataclass(frozen=True)
class Task:
    """split: column and training value; cohort: column and edges.

    id_column: names the row; where it repeats it names a person, and a person's rows stay together. group: a column
    that does the same. repeats: how often the folds are drawn anew; the figures are means. prior: the true rate of the
    positive value, where the table's rows were picked to another.
    """

    target: str
    positive: str
    id_column: str = ""
    group: str = ""
    ignore: Sequence[str] = ()
    folds: int = 5
    repeats: int = 1
    split: tuple[str, str] | None = None
    prior: float | None = None
    cohort: tuple[str, tuple[float, ...]] | None = None

    def __post_init__(self) -> None:
        """Invalid, in a sentence, for what no table can be judged by."""
        if self.prior is not None and not 0 < self.prior < 1:
            raise Invalid("The prior must lie between 0 and 1.", code="bad_prior")
        if self.folds < 2:
            raise Invalid("At least 2 folds are needed.", code="bad_folds")
        if self.repeats < 1 or self.repeats > 1 and self.split is not None:
            raise Invalid("Folds are drawn once or more often, and a split once.", code="bad_repeats")

    @property
    def set_aside(self) -> list[str]:
        """Columns that are no features."""
        named = [self.target, self.id_column, self.group, *self.ignore, self.split[0] if self.split else ""]
        return [name for name in dict.fromkeys(named) if name]

    def on(self, table: Table) -> "Task":
        """The same with the table's own names of the columns. Invalid when it lacks one."""
        return replace(
            self,
            target=table.column(self.target),
            id_column=table.column(self.id_column) if self.id_column else "",
            group=table.column(self.group) if self.group else "",
            ignore=[table.column(name) for name in self.ignore],
            split=(table.column(self.split[0]), self.split[1]) if self.split else None,
            cohort=(table.column(self.cohort[0]), self.cohort[1]) if self.cohort else None,
        )
