from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from retention.core.errors import Invalid
from retention.core.managed.models import Managed, ManagedQuerySet
from workorders.order_types.models import OrderType
from workorders.orders.models import WorkOrder


class DocumentQuerySet(ManagedQuerySet["Document"]):
    def for_list(self) -> Self:
        return self.select_related("branch").order_by("code")

    def for_order(self, order: WorkOrder) -> Self:
        """In use for orders of its type, in its branch."""
        found = self.annotate(order_path=Value(order.branch.path)).filter(
            Q(branch=None) | Q(order_path__startswith=F("branch__path"))
        )
        return found.filter(enabled=True, order_types__contains=[order.type.code]).order_by("name", "code")


class Document(Managed):
    """A file for the calls of some order types, for the agents of a branch and below.

    order_types: codes. content: {"folder", "name", "type" (of the content), "size" (bytes), "sha256"} of the file as
    documents.services.storage keeps it; {} before there is one. A changed file is another folder: the old one stays.
    """

    editable = ("name", "name_zh", "branch", "order_types", "content")
    view_permission, edit_permission = "documents.view", "documents.edit"

    order_types = models.JSONField(_("order types"), default=list, blank=True)
    content: Any = models.JSONField(_("file"), default=dict)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("document")
        verbose_name_plural = _("documents and voice files")

    @property
    def is_voice(self) -> bool:
        return str(self.content.get("type", "")).startswith("audio/")

    def normalize(self) -> None:
        known = set(OrderType.objects.values_list("code", flat=True))
        self.order_types = sorted(set(self.order_types) & known)
        if not self.content:
            message = gettext("Choose a file.")
            raise Invalid(message, details=[{"field": "file", "code": "required", "message": message}])
