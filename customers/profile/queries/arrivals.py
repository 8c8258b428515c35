"""What has arrived of a feed, by day or month, over a spread sample of lines: see customers.profile.rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, models

from customers.facts.models import Account, Balance, Bill, Payment, Subscriber, UsageDay, UsageMonth
from customers.facts.models.usage import Usage
from customers.profile.rules import Tally

# Of a larger base, so many ranges of so many neighbouring ids are looked at: on every date the same lines.
RANGES, IDS_A_RANGE = 100, 200


@dataclass(frozen=True)
class Counted:
    """A table of facts: whose rows they are, the column of their date, and the measures that are looked at."""

    table: str
    owner: type[models.Model]
    owner_column: str
    dated: str
    measures: tuple[str, ...]

    def tallies(self, first: date, last: date) -> dict[date, Tally]:
        """{date: its rows} from first to last, for the dates of which there are any."""
        used = ", ".join(f"count(*) FILTER (WHERE f.{name} > 0)" for name in self.measures)
        total = ", ".join(f"coalesce(sum(f.{name}), 0)::float8" for name in self.measures)
        low, high = zip(*self._ranges(), strict=True)
        with connection.cursor() as cursor:
            # OFFSET: one look by key for each range; a join would hold every row against every range.
            cursor.execute(
                f"SELECT f.{self.dated}, count(*), {used}, {total}"
                f" FROM unnest(%s::bigint[], %s::bigint[]) AS r(low, high) CROSS JOIN LATERAL ("
                f"    SELECT * FROM {self.table} x WHERE x.{self.owner_column} BETWEEN r.low AND r.high"
                f"    AND x.{self.dated} BETWEEN %s AND %s OFFSET 0"
                f") f GROUP BY 1",
                [list(low), list(high), first, last],
            )
            return {day: self._tally(rows, figures) for day, rows, *figures in cursor.fetchall()}

    def _tally(self, rows: int, figures: Sequence[float]) -> Tally:
        parts = len(self.measures)
        return Tally(
            rows,
            used=dict(zip(self.measures, map(int, figures[:parts]), strict=True)),
            total=dict(zip(self.measures, figures[parts:], strict=True)),
        )

    def _ranges(self) -> Iterator[tuple[int, int]]:
        ends = self.owner._default_manager.aggregate(low=models.Min("pk"), high=models.Max("pk"))
        low, high = ends["low"] or 0, ends["high"] or 0
        if high - low < RANGES * IDS_A_RANGE:
            yield low, high
            return
        for place in range(RANGES):
            start = low + (high - low) * place // RANGES
            yield start, start + IDS_A_RANGE - 1


def changes() -> int:
    """How many rows of the feeds' tables have been written since statistics began: unchanged while nothing comes.

    PostgreSQL counts them, whoever writes; within about a second of a commit. Costs no look at a table.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM ("
            "    SELECT relid, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables"
            "    UNION ALL SELECT relid, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"
            ") s WHERE relid IN ("
            "    SELECT unnest(%(tables)s::regclass[])"
            "    UNION SELECT p.relid FROM unnest(%(tables)s::regclass[]) t, pg_partition_tree(t) p"
            ")",
            {"tables": [model._meta.db_table for model in FEEDS]},
        )
        (count,) = cursor.fetchone()
    return count


FEEDS = (Account, Balance, Bill, Payment, UsageDay, UsageMonth)
USE = tuple(field.attname for field in Usage._meta.local_fields if field.attname != "source_version")
USAGE_DAYS = Counted(UsageDay._meta.db_table, Subscriber, "subscriber_id", "day", USE)
# The parts of a bill come and go with offers; what is to be paid does not.
BILLS = Counted(Bill._meta.db_table, Subscriber, "subscriber_id", "month", ("plan_fee", "total"))
BALANCES = Counted(Balance._meta.db_table, Account, "account_id", "day", ("balance",))
