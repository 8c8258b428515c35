"""Rows for tests: each call gives a saved row that is valid on its own, `make_subscriber(status="stopped")`.

What a row needs and was not given is made with it. Numbers are unique within a run. `TODAY` is the business date that
the rows lie around; pages are asked for it with `clock.freeze(NOW)`.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from customers.contacts.models import ContactRecord
from customers.facts.models import (
    Account,
    Bill,
    Contract,
    Customer,
    CustomField,
    LineType,
    Plan,
    PointEntry,
    Policy,
    Product,
    ProductSubscription,
    ServiceContact,
    StatusEvent,
    Subscriber,
    UsageMonth,
)
from customers.fields.choices import RiskTier, TenureCohort
from customers.fields.cohorts import cohort_of_days
from customers.grants.models import CustomerGrant
from customers.lists.models import ListEntry
from customers.profile.models import SubscriberProfile
from customers.risk.models import RiskScore
from retention.core.accounts.models import Branch, Team, User
from retention.core.accounts.roles import Role
from retention.core.db import partitioned_tables
from retention.core.jobs.models import Job

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
PASSWORD = "tests-only-password"

_numbers = count(1)


def number(prefix: str) -> str:
    return f"{prefix}{next(_numbers):06d}"


def make_branch(*, parent: Branch | None = None, code: str = "", **given: Any) -> Branch:
    """A province, or a city/district/outlet below `parent`."""
    code = code or number("B")
    levels = list(Branch.Level)
    level = levels[min(levels.index(Branch.Level(parent.level)) + 1, len(levels) - 1)] if parent else levels[0]
    path = f"{parent.path if parent else ''}{code}/"
    values = {"code": code, "name": f"Branch {code}", "parent": parent, "level": level, "path": path}
    return Branch.objects.create(**values | given)


def make_team(*, branch: Branch | None = None, **given: Any) -> Team:
    code = number("T")
    return Team.objects.create(**{"code": code, "name": f"Team {code}", "branch": branch or make_branch()} | given)


def make_user(
    *, role: str = Role.MANAGER, branch: Branch | None = None, teams: tuple[Team, ...] = (), **given: Any
) -> User:
    """A person who can sign in with PASSWORD; `branch` is the one he works for."""
    is_administrator = role == Role.ADMINISTRATOR
    values = {
        "username": number(role), "role": role, "branch": branch,
        "is_staff": is_administrator, "is_superuser": is_administrator, "password": PASSWORD,
    } | given  # fmt: skip
    user = User.objects.create_user(**values)
    user.teams.set(teams)
    return user


def make_plan(**given: Any) -> Plan:
    code = number("P")
    what = {"code": code, "name": f"Plan {code}", "line_type": LineType.MOBILE}
    included = {"monthly_fee": Decimal("59.00"), "data_mb": 10_240, "voice_minutes": 300}
    return Plan.objects.create(**what | included | given)


def make_policy(**given: Any) -> Policy:
    code = number("Y")
    return Policy.objects.create(**{"code": code, "name": f"Policy {code}", "months": 24} | given)


def make_customer(*, branch: Branch | None = None, **given: Any) -> Customer:
    values = {"customer_no": number("C"), "kind": Customer.Kind.INDIVIDUAL, "name": "Li Wei", "gender": "female"}
    return Customer.objects.create(**values | {"branch": branch or make_branch()} | given)


def make_account(*, customer: Customer | None = None, **given: Any) -> Account:
    values = {"account_no": number("A"), "pay_mode": Account.PayMode.POSTPAID}
    return Account.objects.create(**values | {"customer": customer or make_customer()} | given)


def make_subscriber(
    *, branch: Branch | None = None, customer: Customer | None = None, account: Account | None = None,
    plan: Plan | None = None, **given: Any,
) -> Subscriber:  # fmt: skip
    """A line in use for two years. Its number begins with 100, so that it belongs to nobody."""
    branch = branch or (customer.branch if customer else None) or make_branch()
    account = account or make_account(customer=customer or make_customer(branch=branch))
    values = {
        "subscriber_no": number("S"), "account": account, "phone_number": f"100{next(_numbers):08d}",
        "line_type": LineType.MOBILE, "plan": plan or make_plan(), "branch": branch, "channel": "hall",
        "activated_on": TODAY - timedelta(days=730), "status": Subscriber.Status.ACTIVE,
    }  # fmt: skip
    return Subscriber.objects.create(**values | given)


def make_profile(*, subscriber: Subscriber | None = None, as_of: date = TODAY, **given: Any) -> SubscriberProfile:
    """The line's profile with its identity filled in; every other field is empty unless given."""
    line = subscriber or make_subscriber()
    customer = line.account.customer
    days = (as_of - line.activated_on).days
    values = {
        "subscriber": line, "customer": customer, "branch": line.branch, "as_of": as_of, "line_type": line.line_type,
        "status": line.status, "plan_code": line.plan.code, "plan_fee": line.plan.monthly_fee,
        "branch_code": line.branch.code, "customer_kind": customer.kind, "customer_tier": customer.tier,
        "pay_mode": line.account.pay_mode, "tenure_days": days, "tenure_months": days / 30.4375,
        "tenure_cohort": cohort_of_days(days),
    }  # fmt: skip
    return SubscriberProfile.objects.create(**values | given)


def make_risk_score(
    *, subscriber: Subscriber, as_of: date = TODAY, probability: float = 0.42, **given: Any
) -> RiskScore:
    partitioned_tables.ensure_partitions("customers_riskscore", [as_of])
    reasons = [{"factor": "voice_in_change", "contribution": 0.8, "value": -0.62}]
    values = {
        "subscriber": subscriber, "as_of": as_of, "probability": probability, "decile": 1, "tier": RiskTier.HIGH,
        "cohort": TenureCohort.OVER_12, "reasons": reasons, "model_version": "test-1",
    }  # fmt: skip
    return RiskScore.objects.create(**values | given)


def make_usage_month(*, subscriber: Subscriber, month: date, **given: Any) -> UsageMonth:
    partitioned_tables.ensure_partitions("customers_usagemonth", [month])
    values = {"voice_out_s": 6000, "voice_in_s": 5000, "calls_out": 60, "calls_in": 50, "data_mb": 5000.0}
    return UsageMonth.objects.create(**values | {"subscriber": subscriber, "month": month.replace(day=1)} | given)


def make_bill(*, subscriber: Subscriber, month: date, **given: Any) -> Bill:
    partitioned_tables.ensure_partitions("customers_bill", [month])
    values = {"plan_fee": Decimal("59.00"), "data": Decimal("10.00"), "total": Decimal("69.00")}
    return Bill.objects.create(**values | {"subscriber": subscriber, "month": month.replace(day=1)} | given)


def make_contract(*, subscriber: Subscriber, **given: Any) -> Contract:
    policy = given.pop("policy", None) or make_policy()
    dates = {"starts_on": TODAY - timedelta(days=700), "ends_on": TODAY + timedelta(days=30)}
    values = {"contract_no": number("K"), "subscriber": subscriber, "policy": policy}
    return Contract.objects.create(**values | dates | given)


def make_ticket(*, subscriber: Subscriber, **given: Any) -> ServiceContact:
    values = {"ticket_no": number("Q"), "opened_at": NOW - timedelta(days=5), "kind": ServiceContact.Kind.COMPLAINT}
    return ServiceContact.objects.create(**values | {"subscriber": subscriber, "topic": "network"} | given)


def make_event(*, subscriber: Subscriber, **given: Any) -> StatusEvent:
    values = {"event_no": number("E"), "at": NOW - timedelta(minutes=1), "kind": StatusEvent.Kind.PORT_OUT_INQUIRY}
    return StatusEvent.objects.create(**values | {"subscriber": subscriber} | given)


def make_points(*, subscriber: Subscriber, points: int, at: datetime, **given: Any) -> PointEntry:
    values = {"entry_no": number("J"), "reason": "consumption" if points > 0 else "redeemed"}
    return PointEntry.objects.create(**values | {"subscriber": subscriber, "points": points, "at": at} | given)


def make_service(*, subscriber: Subscriber, category: str, **given: Any) -> ProductSubscription:
    code = number("V")
    product = Product.objects.create(code=code, name=f"Service {code}", category=category, monthly_fee=Decimal("9"))
    values = {"subscription_no": code, "starts_on": TODAY - timedelta(days=400)}
    return ProductSubscription.objects.create(**values | {"subscriber": subscriber, "product": product} | given)


def make_contact(*, subscriber: Subscriber, **given: Any) -> ContactRecord:
    values = {"channel": ListEntry.Channel.CALL, "purpose": "retention", "state": ContactRecord.State.USED}
    owner = {"customer": subscriber.account.customer, "subscriber": subscriber}
    return ContactRecord.objects.create(**values | {"at": NOW - timedelta(days=10), "source": "test"} | owner | given)


def make_list_entry(*, customer: Customer, **given: Any) -> ListEntry:
    values = {"kind": ListEntry.Kind.DO_NOT_DISTURB, "starts_on": TODAY - timedelta(days=1), "reason": "asked for it"}
    return ListEntry.objects.create(**values | {"customer": customer, "created_at": NOW} | given)


def make_custom_field(*, key: str, **given: Any) -> CustomField:
    return CustomField.objects.create(**{"key": key, "name": key.title(), "kind": CustomField.Kind.TEXT} | given)


def grant(*, customer: Customer, user: User | None = None, team: Team | None = None) -> CustomerGrant:
    """What an open order gives: the person or the team may see the customer."""
    return CustomerGrant.objects.create(customer=customer, user=user, team=team, order_no=number("W"))


def make_job(**given: Any) -> Job:
    values = {"kind": "nightly", "business_date": TODAY, "state": Job.State.DONE, "created_at": NOW, "key": number("J")}
    return Job.objects.create(**values | {"started_at": NOW, "finished_at": NOW + timedelta(seconds=90)} | given)
