"""Mappings kept under a name, and which of them fit a file."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from customers.imports.toml import mapping_of
from customers.ingest import resource_named
from customers.ingest.columns import check_columns
from customers.models import SavedMapping, Upload
from retention.core import audit
from retention.core.errors import Invalid
from retention.core.models import User


def checked_document(text: str, *, resource: str = "", name: str = "mapping.toml") -> str:
    """The resource that this mapping text makes. Invalid with a sentence when it cannot be used, or makes another."""
    mapping = mapping_of(text, name=name)
    made = mapping.resource or resource
    if not made:
        raise Invalid(_("The mapping does not say which kind of rows it makes."), code="bad_mapping")
    if resource and made != resource:
        message = _("This mapping makes %(made)s, not %(resource)s.")
        raise Invalid(message % {"made": made, "resource": resource}, code="bad_mapping")
    check_columns(resource_named(made), mapping.makes)
    return made


def lacking(text: str, columns: list[str]) -> list[str]:
    """The columns that the mapping reads and the file does not have."""
    return sorted(mapping_of(text).reads - set(columns))


def fitting(*, columns: list[str], resource: str = "") -> SavedMapping | None:
    """The newest saved mapping made for a file with exactly these columns."""
    same = SavedMapping.objects.filter(columns=sorted(columns)).order_by("-created_at")
    return (same.filter(resource=resource) if resource else same).first()


@transaction.atomic
def save_mapping(*, name: str, upload: Upload, actor: User, now: datetime) -> SavedMapping:
    """Keep the upload's mapping under this name; one of that name is replaced. Invalid for a blank name."""
    name = " ".join(name.split())[:80]
    if not name:
        raise Invalid(_("Give the mapping a name."), code="required")
    saved, made = SavedMapping.objects.update_or_create(
        name=name,
        defaults={
            "resource": upload.resource, "columns": sorted(upload.columns), "document": upload.mapping,
            "created_by": actor, "created_at": now,
        },
    )  # fmt: skip
    audit.record(actor=actor, action="facts.import", target=f"mapping:{name}", deed="save", new=made)
    return saved


@transaction.atomic
def delete_mapping(*, mapping: SavedMapping, actor: User) -> None:
    audit.record(actor=actor, action="facts.import", target=f"mapping:{mapping.name}", deed="delete")
    mapping.delete()
