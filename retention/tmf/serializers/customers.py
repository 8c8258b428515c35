"""TMF629: the customer, with accounts, masked contacts, agreements, risk and credit."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from customers.credit.rules import LEVEL_FLOORS, CreditLevel
from customers.facts.models import Account, Contract, Customer, Subscriber
from retention.core.masking import mask_email, mask_phone
from retention.tmf import filters
from retention.tmf.fields import attributes, references, schemas, values
from retention.tmf.fields.base import Attribute, Call, Resource
from retention.tmf.queries import visible_customers

Status = Subscriber.Status
LINES = Subscriber.objects.filter(account__customer=OuterRef("pk"))
ACTIVE, STOPPED = Exists(LINES.filter(status=Status.ACTIVE)), Exists(LINES.filter(status=Status.STOPPED))
STATUSES = {
    "active": Q(ACTIVE),
    "suspended": ~Q(ACTIVE) & Q(STOPPED),
    "terminated": ~Q(ACTIVE) & ~Q(STOPPED) & Q(Exists(LINES)),
    "prospective": ~Q(Exists(LINES)),
}
MEDIUM = {
    "type": "object",
    "required": ["contactType"],
    "properties": {
        "contactType": schemas.TEXT,
        "phoneNumber": schemas.TEXT,
        "emailAddress": schemas.TEXT,
        "@type": schemas.TEXT,
    },
    "description": "Masked: a machine has no reason to give for seeing it whole.",
}

# The specification has a number where the product has a word: 1 is the best level.
RATINGS = {level: place for place, level in enumerate(LEVEL_FLOORS, start=1)}
CREDIT_PROFILE = {
    "type": "object",
    "required": ["id", "creditProfileDate", "creditScore", "creditRiskRating", "@type"],
    "properties": {
        "id": schemas.TEXT | {"description": "The number of the account."},
        "creditProfileDate": schemas.INSTANT,
        "creditScore": {"type": "integer", "minimum": 0, "maximum": 100},
        "creditRiskRating": {
            "type": "integer",
            "enum": list(RATINGS.values()),
            "description": ", ".join(f"{place} {level}" for level, place in RATINGS.items()) + ".",
        },
        "@type": schemas.TEXT,
    },
}


def joined(rows: QuerySet, call: Call) -> QuerySet:
    """Of lines and agreements only those the client may see."""
    lines = Subscriber.objects.visible_to(call.client)
    contracts = Contract.objects.order_by("pk")
    return (
        rows.select_related("branch")
        .annotate(**{f"is_{name}": condition for name, condition in STATUSES.items()})
        .prefetch_related(
            Prefetch("accounts", Account.objects.select_related("credit").order_by("pk")),
            Prefetch("accounts__subscribers", lines.select_related("profile").order_by("pk"), to_attr="lines"),
            Prefetch("accounts__lines__contracts", contracts),
        )
    )


def lines_of(customer: Customer) -> list[Subscriber]:
    return [line for account in customer.accounts.all() for line in account.lines]


def status(customer: Customer, _call: Call) -> str:
    return next(name for name in STATUSES if getattr(customer, f"is_{name}"))


def media(customer: Customer, _call: Call) -> list[dict[str, Any]]:
    phone, email = mask_phone(customer.contact_phone), mask_email(customer.email)
    found = []
    if phone:
        found.append({"contactType": "phone", "phoneNumber": phone, "@type": "PhoneContactMedium"})
    if email:
        found.append({"contactType": "email", "emailAddress": email, "@type": "EmailContactMedium"})
    return found


def agreements(customer: Customer, call: Call) -> list[dict[str, Any]]:
    return [
        references.agreement_ref(contract.contract_no, call)
        for line in lines_of(customer)
        for contract in line.contracts.all()
    ]


def characteristics(customer: Customer, call: Call) -> list[dict[str, Any]]:
    """The tier, and the risk of the line most likely to leave: the one for which the customer is contacted."""
    found = [values.characteristic("customerTier", customer.tier), values.characteristic("customerKind", customer.kind)]
    found += [values.characteristic("branchCode", customer.branch.code)]
    found += [values.characteristic("profilingOptOut", customer.profiling_opt_out)]
    if call.may_see_risk and not customer.profiling_opt_out:
        found += _risk(lines_of(customer))
    return found


def _risk(lines: list[Subscriber]) -> list[dict[str, Any]]:
    scored = [line for line in lines if getattr(line, "profile", None) and line.profile.risk_probability is not None]
    if not scored:
        return []
    line = max(scored, key=lambda one: one.profile.risk_probability)
    profile = line.profile
    by_name = {
        "churnProbability": profile.risk_probability,
        "churnTier": profile.risk_tier,
        "churnDecile": profile.risk_decile,
        "churnAsOf": profile.risk_scored_on.isoformat() if profile.risk_scored_on else None,
        "churnExpectedGain": float(profile.expected_gain) if profile.expected_gain is not None else None,
        "churnSubscriber": line.subscriber_no,
    }
    return [values.characteristic(name, value) for name, value in by_name.items() if value is not None]


def credit_profiles(customer: Customer, call: Call) -> list[dict[str, Any]]:
    """Of the accounts that are rated and of which the client may see a line."""
    if not call.may_see_risk or customer.profiling_opt_out:
        return []
    seen = [account for account in customer.accounts.all() if account.lines]
    return [
        {
            "id": account.account_no,
            "creditProfileDate": values.start_of(account.credit.as_of),
            "creditScore": account.credit.score,
            "creditRiskRating": RATINGS[CreditLevel(account.credit.level)],
            "@type": "CreditProfile",
        }
        for account in seen
        if hasattr(account, "credit") and account.credit.score is not None
    ]


def party(customer: Customer, _call: Call) -> dict[str, Any]:
    kind = "Individual" if customer.kind == Customer.Kind.INDIVIDUAL else "Organization"
    return references.reference(kind, customer.customer_no, as_type="PartyRef", name=customer.name)


def accounts(customer: Customer, _call: Call) -> list[dict[str, Any]]:
    return [
        references.reference("BillingAccount", account.account_no, as_type="AccountRef")
        for account in customer.accounts.all()
    ]


def owners(account_numbers: list[str]) -> QuerySet:
    return Account.objects.filter(account_no__in=account_numbers).values("customer")


CUSTOMER = Resource(
    path=references.CUSTOMERS,
    number=629,
    type="Customer",
    description=(
        "Risk travels as `characteristic` entries, for clients that also hold `risk:read`: churnProbability, "
        "churnTier, churnDecile, churnAsOf, churnExpectedGain and churnSubscriber, all of the customer's line most "
        "likely to leave. `creditProfile`, for the same clients, has the credit score of each rated account in use. A "
        "customer who has opted out of profiling has neither. Phone numbers and addresses are masked."
    ),
    rows=visible_customers,
    joined=joined,
    id_of=lambda customer: customer.customer_no,
    by_id=filters.equals_text("customer_no"),
    attributes={
        "@baseType": attributes.constant("PartyRole"),
        "name": attributes.text("name"),
        "role": attributes.constant("Customer"),
        "status": attributes.word(STATUSES, status),
        "validFor": attributes.period(lambda customer, _call: values.period(customer.joined_on)),
        "engagedParty": Attribute(schemas.REFERENCE, party),
        "account": attributes.array(schemas.REFERENCE, accounts),
        "agreement": attributes.array(schemas.REFERENCE, agreements),
        "contactMedium": attributes.array(MEDIUM, media),
        "creditProfile": attributes.array(CREDIT_PROFILE, credit_profiles),
        "characteristic": attributes.characteristics(characteristics),
    },
    filters={
        "id": filters.keys("customer_no"),
        "name": filters.text("name"),
        "status": filters.choice(STATUSES),
        "engagedParty.id": filters.keys("customer_no"),
        "account.id": filters.keys_of(owners),
        **filters.days("validFor.startDateTime", "joined_on"),
    },
    example={
        "id": "C000042",
        "name": "Li Wei",
        "status": "active",
        "contactMedium": [{"contactType": "phone", "phoneNumber": "138****5678"}],
        "characteristic": [
            values.characteristic("churnProbability", 0.431),
            values.characteristic("churnTier", "high"),
        ],
    },
)
