"""Every resource that the modules of this package declare, by name."""

from django.utils.translation import gettext as _

from customers.ingest.resources import (
    attributes,
    branches,
    catalogue,
    consents,
    lines,
    money,
    parties,
    service,
    terminals,
    ties,
    usage,
)
from customers.ingest.resources.base import Resource
from retention.core.errors import NotFound

# In this order on pages and in loads; what a resource refers to comes before it (`customers.checks`).
MODULES = (branches, catalogue, parties, lines, usage, money, service, terminals, ties, attributes, consents)
RESOURCES: dict[str, Resource] = {
    declared.name: declared
    for module in MODULES
    for declared in vars(module).values()
    if isinstance(declared, Resource)
}
REFERRED_TO: frozenset[str] = frozenset(f.reference.resource for r in RESOURCES.values() for f in r.references)


def resource_named(name: str) -> Resource:
    """The resource; NotFound `unknown_resource` lists the valid names."""
    if name not in RESOURCES:
        message = _("There is no resource '%(name)s'. The resources are: %(known)s.")
        raise NotFound(message % {"name": name, "known": ", ".join(RESOURCES)}, code="unknown_resource")
    return RESOURCES[name]
