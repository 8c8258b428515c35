"""A small operator as it stood on a date, and for every resource of the contract a fact that came later."""

from datetime import date

from tests.customers.ingest.rows import account, bill, customer, send, subscriber, usage

AS_OF = date(2026, 10, 31)
MONTHS = ["2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
PLAN = {
    "name": "Plan", "line_type": "mobile", "monthly_fee": "59", "voice_minutes": "100", "data_mb": "1024",
    "sms_count": "10", "voice_rate": "0.15", "data_rate": "0.03", "sms_rate": "0.1", "brand": "gold",
}  # fmt: skip
CHEAP = PLAN | {"code": "P2", "name": "Cheap", "monthly_fee": "19", "brand": "silver"}
BRANCHES = [
    {"code": "B1", "name": "North", "level": "province"},
    {"code": "B1C", "name": "City", "level": "city", "parent_code": "B1"},
    {"code": "B1X", "name": "Other city", "level": "city", "parent_code": "B1"},
    {"code": "B1CD", "name": "District", "level": "district", "parent_code": "B1C"},
]
POLICY = {"code": "Y1", "name": "Two years", "months": "24"}
PRODUCT = {"code": "V1", "name": "Ringback tone", "category": "music", "monthly_fee": "5"}
LINE = {"branch_code": "B1CD", "group_no": "G1", "promotion_code": "FREE3M", "bundle_no": ""}
CONTRACT = {
    "contract_no": "K1", "subscriber_no": "S1", "policy_code": "Y1", "starts_on": "2025-01-01", "ends_on": "2026-12-31",
}  # fmt: skip
SUBSCRIPTION = {"subscription_no": "V1", "subscriber_no": "S1", "product_code": "V1", "starts_on": "2026-01-01"}
TICKET = {
    "ticket_no": "T1", "subscriber_no": "S1", "opened_at": "2026-10-28T10:00:00+08:00", "kind": "complaint",
    "severity": "2",
}  # fmt: skip
TERMINAL = {"subscriber_no": "S1", "first_seen_on": "2025-05-01", "brand": "Acme", "generation": "4G"}
ATTRIBUTE = {"subscriber_no": "S1", "name": "segment", "value": "old", "as_of": "2026-01-01"}
TIE = {"subscriber_no": "S1", "other_hash": "h1", "calls": "9", "minutes": "30", "network": "own"}
CONSENT = {
    "subscriber_no": "S1", "purpose": "retention", "channel": "call", "granted": "true", "source": "shop",
    "at": "2026-01-01T10:00:00+08:00",
}  # fmt: skip


def at(day: str) -> str:
    return f"{day}T12:00:00+08:00"


def event(number: str, day: str, kind: str, **given: str) -> dict:
    return {"event_no": number, "subscriber_no": "S1", "at": at(day), "kind": kind} | given


def make_operator() -> None:
    """Lines S1, S2, S3; S1 and S2 are of one household and in one group. Every feed has come up to AS_OF."""
    days = [f"2026-10-{day:02}" for day in range(2, 32)]
    for resource, rows in {
        "branches": BRANCHES,
        "plans": [PLAN | {"code": "P1"}, CHEAP],
        "products": [PRODUCT],
        "policies": [POLICY],
        "customers": [customer(n, birth_date="1990-11-02", tier="gold", gender="female") for n in (1, 3)],
        "accounts": [account(1, credit_limit="50"), account(3)],
        "groups": [{"group_no": "G1", "name": "Firm", "kind": "enterprise_vpn"}],
        "subscribers": [
            subscriber(1, **LINE),
            subscriber(2, account_no="A1", **LINE),
            subscriber(3, branch_code="B1X", bandwidth_mbps="50"),
        ],
        "contracts": [CONTRACT, CONTRACT | {"contract_no": "K0", "subscriber_no": "S3", "ends_on": "2026-03-31"}],
        "product-subscriptions": [SUBSCRIPTION],
        "terminals": [TERMINAL],
        "usage-months": [usage(n, "", month=month, distinct_contacts="3") for n in (1, 2, 3) for month in MONTHS],
        "usage-days": [usage(n, day) for n in (1, 2, 3) for day in days],
        "bills": [
            *(bill(1, month=month, due_on=f"{month}-20", paid_on=f"{month}-22") for month in MONTHS[:-2]),
            *(bill(1, month=month, due_on=f"{month}-20") for month in MONTHS[-2:]),
        ],
        "payments": [{"payment_no": "M1", "account_no": "A1", "paid_at": at("2026-10-02"), "amount": "60"}],
        "balances": [{"account_no": "A1", "day": "2026-10-31", "balance": "20"}],
        "points": [
            {"entry_no": "N1", "subscriber_no": "S1", "at": at("2026-10-02"), "points": "100", "reason": "bill"}
        ],
        "status-events": [event("E1", "2026-10-02", "port_out_inquiry"), event("E2", "2026-05-02", "stop")],
        "service-contacts": [
            TICKET,
            TICKET
            | {"ticket_no": "T0", "opened_at": at("2026-10-01"), "closed_at": at("2026-10-03"), "satisfaction": "7"},
        ],
        "ties": [TIE | {"month": "2026-10"}],
        "attributes": [ATTRIBUTE],
        "consents": [CONSENT],
    }.items():
        for row in rows:
            if row.get("day") == "":
                del row["day"]
        result = send(resource, rows)
        assert result.applied == len(rows), (resource, result.errors)


# Loaded on 20 November (rows.NOW), in this order. Each says something that was not so, or not known, on AS_OF.
LATER: dict[str, list[dict]] = {
    "branches": [BRANCHES[3] | {"parent_code": "B1X", "name": "Moved"}],
    "plans": [CHEAP | {"code": "P3", "monthly_fee": "9"}, PLAN | {"code": "P1", "monthly_fee": "49", "data_mb": "9"}],
    "products": [PRODUCT | {"monthly_fee": "8"}],
    "policies": [POLICY | {"months": "36"}],
    "customers": [
        customer(1, birth_date="1960-01-01", tier="none", gender="male", kind="enterprise", service_level="gold",
                 profiling_opt_out="true"),
    ],
    "accounts": [
        account(1, pay_mode="postpaid", credit_limit="500"), account(4, customer_no="C1", pay_mode="postpaid"),
    ],
    "groups": [{"group_no": "G1", "name": "Firm", "kind": "family"}, {"group_no": "G2", "name": "B", "kind": "family"}],
    "subscribers": [
        subscriber(1, **LINE | {"group_no": "G2", "branch_code": "B1X", "promotion_code": "", "bundle_no": "D1"},
                   plan_code="P2", channel="online", status="stopped", status_reason="arrears", bandwidth_mbps="100",
                   account_no="A4"),
        subscriber(2, account_no="A1", **LINE, status="terminated", terminated_on="2026-11-10",
                   termination_reason="port_out"),
        subscriber(3, branch_code="B1X", group_no="G1", bandwidth_mbps="500"),
        subscriber(5, account_no="A1", activated_on="2026-11-05", **LINE),
    ],
    "contracts": [
        CONTRACT | {"ended_on": "2026-11-10"},
        CONTRACT | {"contract_no": "K2", "subscriber_no": "S2", "starts_on": "2026-11-02", "ends_on": "2028-11-02"},
    ],
    "product-subscriptions": [
        SUBSCRIPTION | {"ends_on": "2026-11-10"},
        SUBSCRIPTION | {"subscription_no": "V2", "starts_on": "2026-11-02"},
    ],
    "terminals": [
        TERMINAL | {"first_seen_on": "2026-11-02", "generation": "5G"},
        TERMINAL | {"brand": "Other", "generation": "5G"},
    ],
    "usage-months": [{k: v for k, v in usage(1, "", month="2026-11", calls_out="99").items() if k != "day"}],
    "usage-days": [usage(1, "2026-11-01", calls_out="99", forwarded_rival="9"), usage(2, "2026-11-15", data_mb="999")],
    "bills": [
        bill(1, month="2026-11", total="999"), bill(2, month="2026-10", total="300"),
        bill(1, month="2026-09", due_on="2026-09-20", paid_on="2026-11-10"),
    ],
    "payments": [{"payment_no": "M2", "account_no": "A1", "paid_at": at("2026-11-01"), "amount": "500"}],
    "balances": [{"account_no": "A1", "day": "2026-11-01", "balance": "-9", "arrears": "300", "deposit": "5"}],
    "points": [
        {"entry_no": "N2", "subscriber_no": "S1", "at": at("2026-11-01"), "points": "-90", "reason": "gift",
         "expires_on": "2026-11-30"},
    ],
    "status-events": [
        event("E3", "2026-11-01", "port_out_inquiry"), event("E4", "2026-11-02", "termination_request"),
        event("E5", "2026-11-03", "plan_change", detail='{"from": "P1", "to": "P2"}'),
        event("E6", "2026-11-03", "tier_change", detail='{"from": "gold", "to": "none"}'),
        event("E7", "2026-11-04", "stop", reason="arrears"), event("E8", "2026-11-05", "forward_set"),
        event("E9", "2026-11-10", "terminate", subscriber_no="S2", reason="port_out"),
        event("E10", "2026-11-06", "restore", reason="paid"),
    ],
    "service-contacts": [
        TICKET | {"closed_at": at("2026-11-03"), "satisfaction": "1", "severity": "4"},
        TICKET | {"ticket_no": "T2", "opened_at": at("2026-11-02"), "satisfaction": "2"},
    ],
    "ties": [TIE | {"month": "2026-11", "network": "rival"}],
    "attributes": [ATTRIBUTE | {"value": "new", "as_of": "2026-11-10"},
                   ATTRIBUTE | {"subscriber_no": "S2", "as_of": "2026-11-10"}],
    "consents": [CONSENT | {"granted": "false", "at": at("2026-11-10")}],
}  # fmt: skip
