"""Usage as billing sends it in the drills, and the control file that the database must equal in the end."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from tests.drills.rig import Operator

FIRST = date(2015, 1, 1)  # before anything the small operator was given


def usage_rows(lines: list[str], days: int, *, first: date = FIRST, version: int | None = None) -> list[dict[str, Any]]:
    rows = []
    for number in range(days):
        day = str(first + timedelta(days=number))
        for place, line in enumerate(lines):
            row = {
                "subscriber_no": line, "day": day, "voice_out_s": (place * 7 + number) % 900, "voice_in_s": 30,
                "calls_out": (place + number) % 20, "calls_in": 1, "sms_out": 0, "data_mb": (place % 40) / 4,
            }  # fmt: skip
            rows.append(row if version is None else row | {"source_version": version})
    return rows


def lines_of(operator: Operator, count: int) -> list[str]:
    found = operator.ask("SELECT subscriber_no FROM customers_subscriber ORDER BY id LIMIT %s", count)
    return [number for (number,) in found]


def control(rows: Iterable[dict[str, Any]]) -> dict[str, tuple]:
    """{day: (rows, sum of seconds, of calls, of megabytes)}."""
    totals: dict[str, tuple] = {}
    for row in rows:
        count, seconds, calls, data = totals.get(row["day"], (0, 0, 0, 0.0))
        totals[row["day"]] = (
            count + 1, seconds + row["voice_out_s"], calls + row["calls_out"], data + row["data_mb"],
        )  # fmt: skip
    return totals


def landed(operator: Operator, *, first: date = FIRST, days: int) -> dict[str, tuple]:
    rows = operator.ask(
        "SELECT day::text, count(*), sum(voice_out_s), sum(calls_out), sum(data_mb)::float8 FROM customers_usageday"
        " WHERE day BETWEEN %s AND %s GROUP BY day",
        first,
        first + timedelta(days=days - 1),
    )
    return {day: (count, seconds, calls, data) for day, count, seconds, calls, data in rows}
