"""Small operators and rows for the ingest tests."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from customers.ingest.services.loading import load_table
from customers.ingest.services.progress import LoadResult

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
USAGE_HEADER = "subscriber_no,day,voice_out_s,voice_in_s,calls_out,calls_in,sms_out,data_mb"

BRANCHES = [{"code": "B1", "name": "North", "level": "province"}]
PLAN = {
    "code": "P1", "name": "Plan", "line_type": "mobile", "monthly_fee": "59", "voice_minutes": "100", "data_mb": "1024",
    "sms_count": "10", "voice_rate": "0.15", "data_rate": "0.03", "sms_rate": "0.1",
}  # fmt: skip


def table(rows: list[dict]) -> pa.Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


def send(resource: str, rows: list[dict], *, source: str = "test", now: datetime = NOW) -> LoadResult:
    """Load rows of text as the simulator would."""
    return load_table(resource, table(rows), source=source, now=now)


def customer(number: int = 1, **given: str) -> dict:
    return {"customer_no": f"C{number}", "kind": "individual", "name": "Ana", "branch_code": "B1"} | given


def account(number: int = 1, **given: str) -> dict:
    return {"account_no": f"A{number}", "customer_no": f"C{number}", "pay_mode": "prepaid"} | given


def subscriber(number: int = 1, **given: str) -> dict:
    return {
        "subscriber_no": f"S{number}", "account_no": f"A{number}", "phone_number": f"1000000{number:04}",
        "line_type": "mobile", "plan_code": "P1", "branch_code": "B1", "channel": "shop", "activated_on": "2024-01-01",
        "status": "active",
    } | given  # fmt: skip


def usage(number: int = 1, day: str = "2026-11-01", **given: str) -> dict:
    counts = {name: "1" for name in USAGE_HEADER.split(",")[2:]}
    return {"subscriber_no": f"S{number}", "day": day} | counts | given


def bill(number: int = 1, month: str = "2026-10", **given: str) -> dict:
    return {"subscriber_no": f"S{number}", "month": month, "plan_fee": "59", "total": "60.50"} | given


def make_operator(subscribers: int = 3) -> None:
    """A branch, a plan and lines S1, S2, ..."""
    numbers = range(1, subscribers + 1)
    send("branches", BRANCHES)
    send("plans", [PLAN])
    send("customers", [customer(n) for n in numbers])
    send("accounts", [account(n) for n in numbers])
    assert send("subscribers", [subscriber(n) for n in numbers]).applied == subscribers


def usage_csv(path: Path, *lines: str, header: str = USAGE_HEADER, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
    return path
