"""The list of the operator's own fields."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.facts.models import CustomField
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column


class OwnFieldTable(BaseTable):
    name = Column(verbose_name=_("Field"), accessor="title", order_by="name")
    key = Column(verbose_name=_("Key"))
    kind = Column(verbose_name=_("Type"))

    caption = _("Own fields")
    region_id = "own-fields"
    empty_title = _("No own fields yet")
    empty_text = _(
        "What billing knows about a line beyond the fields that ship; a rule, a model and the customer's page use it."
    )

    def row_url(self, record: CustomField) -> str:
        return reverse("own_fields:edit", args=[record.key])
