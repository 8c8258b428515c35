"""Columns and Arrow types of every emitted resource, in the order of the ingest, and the builder of its tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

MAX_ROWS = 200_000

_TEXT, _INT, _MONEY, _REAL = pa.string(), pa.int32(), pa.float64(), pa.float64()
_DAY, _FLAG, _AT = pa.date32(), pa.bool_(), pa.timestamp("s", tz="+08:00")

_USAGE = {
    "voice_out_s": _INT, "voice_in_s": _INT, "calls_out": _INT, "calls_in": _INT, "sms_out": _INT,
    "data_mb": _INT, "roaming_s": _INT, "forwarded_own": _INT, "forwarded_rival": _INT,
    "rival_hotline_calls": _INT, "distinct_contacts": _INT, "dropped_calls": _INT,
}  # fmt: skip

COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "branches": {"code": _TEXT, "name": _TEXT, "parent_code": _TEXT, "level": _TEXT},
    "plans": {
        "code": _TEXT, "name": _TEXT, "line_type": _TEXT, "brand": _TEXT, "monthly_fee": _MONEY,
        "voice_minutes": _INT, "data_mb": _INT, "sms_count": _INT, "voice_rate": _REAL, "data_rate": _REAL,
        "sms_rate": _REAL, "bandwidth_mbps": _INT, "is_restricted": _FLAG, "is_bundle": _FLAG, "market": _TEXT,
        "on_sale_from": _DAY, "on_sale_until": _DAY,
    },
    "products": {"code": _TEXT, "name": _TEXT, "category": _TEXT, "monthly_fee": _MONEY},
    "policies": {
        "code": _TEXT, "name": _TEXT, "months": _INT, "deposit": _MONEY, "gift_value": _MONEY,
        "starts_on": _DAY, "ends_on": _DAY,
    },
    "customers": {
        "customer_no": _TEXT, "kind": _TEXT, "name": _TEXT, "gender": _TEXT, "birth_date": _DAY,
        "branch_code": _TEXT, "tier": _TEXT, "service_level": _TEXT, "contact_phone": _TEXT, "email": _TEXT,
        "language": _TEXT, "joined_on": _DAY, "profiling_opt_out": _FLAG,
    },
    "groups": {"group_no": _TEXT, "name": _TEXT, "kind": _TEXT},
    "accounts": {"account_no": _TEXT, "customer_no": _TEXT, "pay_mode": _TEXT, "credit_limit": _MONEY},
    "subscribers": {
        "subscriber_no": _TEXT, "account_no": _TEXT, "phone_number": _TEXT, "line_type": _TEXT,
        "plan_code": _TEXT, "branch_code": _TEXT, "channel": _TEXT, "activated_on": _DAY, "status": _TEXT,
        "status_reason": _TEXT, "terminated_on": _DAY, "termination_reason": _TEXT, "promotion_code": _TEXT,
        "bandwidth_mbps": _INT, "group_no": _TEXT, "bundle_no": _TEXT, "number_hash": _TEXT,
    },
    "contracts": {
        "contract_no": _TEXT, "subscriber_no": _TEXT, "policy_code": _TEXT, "starts_on": _DAY,
        "ends_on": _DAY, "ended_on": _DAY,
    },
    "product-subscriptions": {
        "subscription_no": _TEXT, "subscriber_no": _TEXT, "product_code": _TEXT, "starts_on": _DAY,
        "ends_on": _DAY,
    },
    "terminals": {
        "subscriber_no": _TEXT, "first_seen_on": _DAY, "tac": _TEXT, "brand": _TEXT, "model": _TEXT,
        "generation": _TEXT,
    },
    "usage-months": {"subscriber_no": _TEXT, "month": _TEXT, **_USAGE, "active_days": _INT},
    "usage-days": {"subscriber_no": _TEXT, "day": _DAY, **_USAGE},
    "bills": {
        "subscriber_no": _TEXT, "month": _TEXT, "plan_fee": _MONEY, "voice": _MONEY, "data": _MONEY,
        "sms": _MONEY, "vas": _MONEY, "roaming": _MONEY, "other": _MONEY, "discount": _MONEY,
        "total": _MONEY, "due_on": _DAY, "paid_on": _DAY,
    },
    "payments": {
        "payment_no": _TEXT, "account_no": _TEXT, "paid_at": _AT, "amount": _MONEY, "channel": _TEXT,
    },
    "balances": {
        "account_no": _TEXT, "day": _DAY, "balance": _MONEY, "arrears": _MONEY, "deposit": _MONEY,
    },
    "points": {
        "entry_no": _TEXT, "subscriber_no": _TEXT, "at": _AT, "points": _INT, "reason": _TEXT,
        "expires_on": _DAY,
    },
    "status-events": {
        "event_no": _TEXT, "subscriber_no": _TEXT, "at": _AT, "kind": _TEXT, "reason": _TEXT,
        "detail": _TEXT,
    },
    "service-contacts": {
        "ticket_no": _TEXT, "subscriber_no": _TEXT, "opened_at": _AT, "kind": _TEXT, "topic": _TEXT,
        "severity": _INT, "closed_at": _AT, "satisfaction": _INT,
    },
    "ties": {
        "subscriber_no": _TEXT, "month": _TEXT, "other_hash": _TEXT, "calls": _INT, "minutes": _INT,
        "network": _TEXT,
    },
    "consents": {
        "subscriber_no": _TEXT, "purpose": _TEXT, "channel": _TEXT, "granted": _FLAG, "at": _AT,
        "source": _TEXT, "proof": _TEXT,
    },
}  # fmt: skip

LOADING_ORDER = (
    "branches", "plans", "products", "policies", "customers", "groups", "accounts", "subscribers", "contracts",
    "product-subscriptions", "terminals", "usage-months", "usage-days", "bills", "payments", "balances",
    "points", "status-events", "service-contacts", "ties", "consents",
)  # fmt: skip

Piece = tuple[str, pa.Table]


def table(resource: str, columns: Mapping[str, Any]) -> pa.Table:
    """One table of a resource; every column must be given (array, Arrow array or list)."""
    wanted = COLUMNS[resource]
    if columns.keys() != wanted.keys():
        raise ValueError(f"{resource}: columns differ: {sorted(columns.keys() ^ wanted.keys())}")
    arrays = [_arrow(columns[name], kind) for name, kind in wanted.items()]
    return pa.Table.from_arrays(arrays, schema=pa.schema(wanted))


def _arrow(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values if values.type == kind else values.cast(kind)
    if kind == _AT:
        return pa.array(np.asarray(values, dtype=np.int64)).cast(pa.timestamp("s")).cast(kind)
    if kind == _DAY and isinstance(values, np.ndarray):
        return pa.array(values.astype(np.int32, copy=False)).cast(kind)
    return pa.array(values, type=kind)


def sliced(resource: str, whole: pa.Table) -> Iterator[Piece]:
    """A table cut into pieces of at most MAX_ROWS rows; nothing for an empty one."""
    for offset in range(0, whole.num_rows, MAX_ROWS):
        yield resource, whole.slice(offset, MAX_ROWS)


def packed(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join small neighbouring tables of one resource so that the loader gets few, full ones."""
    held: list[pa.Table] = []
    held_rows, held_resource = 0, ""
    for resource, piece in pieces:
        if held and (resource != held_resource or held_rows + piece.num_rows > MAX_ROWS):
            yield held_resource, pa.concat_tables(held)
            held, held_rows = [], 0
        if piece.num_rows:
            held.append(piece)
            held_rows, held_resource = held_rows + piece.num_rows, resource
    if held:
        yield held_resource, pa.concat_tables(held)


def nullable_days(days: np.ndarray, known: np.ndarray) -> pa.Array:
    """Dates from day numbers, null where unknown."""
    return pa.array(days.astype(np.int32), mask=~known).cast(_DAY)


def nullable_at(seconds: np.ndarray, known: np.ndarray) -> pa.Array:
    return pa.array(seconds.astype(np.int64), mask=~known).cast(pa.timestamp("s")).cast(_AT)


def choices(names: Iterable[str | None], index: np.ndarray) -> pa.Array:
    """Strings by index into a short list."""
    return pa.array(list(names), type=_TEXT).take(pa.array(index))


def constant(text: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(text), rows)


def instants(days: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Unix seconds of local days (UTC+8) and seconds of the day."""
    return days.astype(np.int64) * 86_400 + seconds.astype(np.int64) - 8 * 3_600


def yuan(cents: np.ndarray) -> np.ndarray:
    return np.round(cents.astype(np.float64) / 100.0, 2)
