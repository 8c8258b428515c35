"""Every resource of the contract, by name, in an order in which a reference's target comes first."""

from django.utils.translation import gettext as _

from customers.ingest.resources import attributes, branches, catalogue, lines, money, parties, service, social, usage
from customers.ingest.resources.base import Resource
from retention.core.errors import NotFound

_DECLARED: tuple[Resource, ...] = (
    branches.BRANCHES,
    catalogue.PLANS,
    catalogue.PRODUCTS,
    catalogue.POLICIES,
    parties.CUSTOMERS,
    parties.ACCOUNTS,
    parties.GROUPS,
    lines.SUBSCRIBERS,
    lines.CONTRACTS,
    lines.PRODUCT_SUBSCRIPTIONS,
    usage.USAGE_DAYS,
    usage.USAGE_MONTHS,
    money.BILLS,
    money.PAYMENTS,
    money.BALANCES,
    money.POINTS,
    service.STATUS_EVENTS,
    service.SERVICE_CONTACTS,
    lines.TERMINALS,
    social.TIES,
    attributes.ATTRIBUTES,
    social.CONSENTS,
)
RESOURCES: dict[str, Resource] = {resource.name: resource for resource in _DECLARED}
REFERRED_TO: frozenset[str] = frozenset(f.reference.resource for r in _DECLARED for f in r.references)


def resource_named(name: str) -> Resource:
    """The resource; NotFound `unknown_resource` says which there are."""
    if name not in RESOURCES:
        message = _("There is no resource '%(name)s'. The resources are: %(known)s.")
        raise NotFound(message % {"name": name, "known": ", ".join(RESOURCES)}, code="unknown_resource")
    return RESOURCES[name]
