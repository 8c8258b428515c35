"""The clocks of an order type."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core.administration.views import RowPage
from retention.core.errors import NotFound
from retention.core.managed.text import Words
from workorders.clocks.forms import ClocksForm
from workorders.order_types.clock_text import format_clocks
from workorders.order_types.models import OrderType
from workorders.order_types.services import TYPE_ACTION, change_order_type
from workorders.order_types.views import TYPES


class EditClocks(RowPage):
    permission = "order_types.edit"
    form_class = ClocksForm
    template_name = "workorders/clocks/type_clocks.html"
    action = TYPE_ACTION
    note = gettext_lazy(
        "Without minutes a clock is not kept; the close then takes the hours until due. Once a version has orders, a"
        " change becomes the next version: running orders keep theirs."
    )

    def get_row(self) -> OrderType:
        row = OrderType.objects.for_administration().filter(code=self.kwargs["code"]).first()
        if row is None:
            raise NotFound(_("There is no such order type."))
        return row

    def get_title(self) -> str:
        return _("Clocks of %(name)s") % {"name": self.row.title}

    def get_parents(self) -> list[Any]:
        return [*TYPES, reverse("order_types:type", args=[self.row.code]), self.row.title]

    def get_words(self) -> Words:
        return {"clocks": format_clocks}

    def get_target(self, row: Any) -> str:
        return f"ordertype:{row.code}"

    def save(self, form: ClocksForm) -> HttpResponse | str:
        row = change_order_type(
            actor=self.request.user, code=self.kwargs["code"], values=form.values(), seen=form.read_seen()
        )
        return reverse("order_types:type", args=[row.code])
