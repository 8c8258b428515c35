"""A believable row of every resource, for the API's description. A test checks each against its resource."""

from typing import Any

from customers.ingest import kinds
from customers.ingest.resource import Field, Resource

# By field where a plain value of its kind would say little. Telephone numbers begin with 100: nobody has them.
VALUES: dict[str, Any] = {
    "code": "YL01", "name": "Plan 99", "level": "city", "parent_code": "YL", "branch_code": "YL01",
    "customer_no": "C1000001", "account_no": "A1000001", "subscriber_no": "S1000001", "group_no": "G1001",
    "contract_no": "K1000001", "subscription_no": "P1000001", "payment_no": "Z1000001", "entry_no": "J1000001",
    "event_no": "E1000001", "ticket_no": "T1000001", "phone_number": "10012345678", "contact_phone": "10012345678",
    "plan_code": "P99", "product_code": "V01", "policy_code": "H24", "channel": "outlet", "monthly_fee": "99.00",
    "month": "2026-10", "day": "2026-10-31", "at": "2026-10-31T09:30:00+08:00",
    "opened_at": "2026-10-31T09:30:00+08:00",
    "paid_at": "2026-10-31T09:30:00+08:00", "closed_at": "2026-10-31T11:00:00+08:00", "starts_on": "2025-11-01",
    "ends_on": "2027-10-31", "activated_on": "2024-03-15", "first_seen_on": "2025-06-18", "joined_on": "2024-03-15",
    "birth_date": "1988-05-04", "kind": None, "total": "118.50", "plan_fee": "99.00", "amount": "100.00",
    "balance": "23.40", "voice_out_s": 1840, "voice_in_s": 2110, "calls_out": 12, "calls_in": 9, "sms_out": 2,
    "data_mb": 812.5, "calls": 14, "minutes": 63.5, "other_hash": "9f2c41d07be81a55", "purpose": "marketing",
    "source": "app", "granted": True, "value": "electronic", "detail": {"target": "rival"}, "points": 120,
    "reason": "monthly", "tac": "35332811", "brand": "Huawei", "model": "P60", "months": 24, "email": "a@example.com",
    "language": "zh", "bundle_no": "B1001", "topic": "network", "severity": 2, "satisfaction": 7,
}  # fmt: skip
LEFT_OUT = {
    "status_reason", "terminated_on", "termination_reason", "promotion_code", "ended_on", "expires_on", "on_sale_from",
    "on_sale_until", "category", "rolled_up",
}  # fmt: skip


def example_row(resource: Resource) -> dict[str, Any]:
    """The required fields and those of the others that have a telling value."""
    row = {f.name: _value(resource, f) for f in resource.fields if f.required or f.name not in LEFT_OUT}
    return {name: value for name, value in row.items() if value is not None}


def _value(resource: Resource, one: Field) -> Any:
    if isinstance(one.kind, kinds.Choice):
        return one.kind.values[0]
    if resource.name == "attributes" and one.name == "name":
        return "payment_method"
    if VALUES.get(one.name) is not None:
        value = VALUES[one.name]
        return int(value) if isinstance(one.kind, kinds.Integer) else value
    return _plain(one) if one.required else None


def _plain(one: Field) -> Any:
    match one.kind.name:
        case "integer":
            return 1
        case "number":
            return 1.5
        case "decimal":
            return "0.10"
        case "flag":
            return True
        case "day":
            return "2026-10-31"
        case "month":
            return "2026-10"
        case "instant":
            return "2026-10-31T09:30:00+08:00"
        case _:
            return "A1"


def as_csv(row: dict[str, Any]) -> str:
    flat = {name: value for name, value in row.items() if not isinstance(value, dict)}
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in flat.values()]
    return f"{','.join(flat)}\n{','.join(texts)}\n"
