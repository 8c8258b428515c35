from datetime import timedelta

from customers.facts.models import Customer, Subscriber
from retention.core.accounts.models import Branch
from tests.factories import TODAY, make_account, make_branch, make_customer, make_subscriber, number
from workorders.inspections.models import InspectionPlan, InspectionVisit


def make_plan(*, branch: Branch, code: str = "firms", **values) -> InspectionPlan:
    values = {"name": code, "every_days": 30, "per_day": 2, "enabled": True} | values
    return InspectionPlan.objects.create(code=code, branch=branch, **values)


def make_firm(*, branch: Branch, kind: str = Customer.Kind.ENTERPRISE, **values) -> Subscriber:
    """The only line of a firm."""
    customer = make_customer(kind=kind, branch=branch, **values)
    return make_subscriber(account=make_account(customer=customer), branch=branch)


def make_visit() -> InspectionVisit:
    """Planned for a firm of its own, by a plan of its own."""
    firm = make_firm(branch=make_branch())
    plan = make_plan(branch=firm.branch, code=number("plan").lower())
    return InspectionVisit.objects.create(
        plan=plan, customer=firm.account.customer, due_on=TODAY, planned_on=TODAY + timedelta(days=3)
    )
