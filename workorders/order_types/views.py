"""Order types and dispositions: their lists, one type, and the forms that change them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from retention.core.accounts.permissions import StaffRequest, require
from retention.core.administration.tables import history_table
from retention.core.administration.views import INDEX, RowPage
from retention.core.errors import NotFound
from retention.core.managed.text import FieldText, Words
from retention.core.ui.listing import ListPage
from workorders.order_types import services
from workorders.order_types.forms import DispositionForm, NewDispositionForm, OrderTypeForm
from workorders.order_types.models import Disposition, OrderType
from workorders.order_types.queries import TypeRow, types_for
from workorders.order_types.services import DISPOSITION_ACTION, TYPE_ACTION
from workorders.order_types.tables import DispositionTable, OrderTypeTable, QuestionTable
from workorders.order_types.text import FlowText, question_rows, type_facts

TYPES = ("order_types:types", gettext_lazy("Order types"))
DISPOSITIONS = ("order_types:dispositions", gettext_lazy("Dispositions"))


class TypeList(ListPage):
    name = "order-types"
    permission = "order_types.view"
    template_name = "workorders/order_types/types.html"
    table_class = OrderTypeTable
    parent = INDEX

    def get_queryset(self) -> list[TypeRow]:
        return types_for(self.user)

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"may_edit": self.user.may("order_types.edit")}


@require("order_types.view")
@require_safe
def type_page(request: StaffRequest, code: str) -> HttpResponse:
    row, text = _find_type(code), FlowText()
    context = {
        "row": row,
        "facts": type_facts(row, text),
        "questions": QuestionTable(question_rows(row)),
        "history": history_table(
            target=f"ordertype:{code}", action=TYPE_ACTION, text=FieldText(OrderType, text.words())
        ),
        "may_edit": request.user.may("order_types.edit"),
        "parents": [*INDEX, *TYPES],
    }
    return render(request, "workorders/order_types/type.html", context)


class EditType(RowPage):
    permission = "order_types.edit"
    form_class = OrderTypeForm
    action = TYPE_ACTION
    note = gettext_lazy(
        "Once a version has orders, a change of purpose, times, flow or talk track becomes the next version. "
        "New orders take it; those that run keep theirs."
    )

    def get_row(self) -> OrderType:
        return _find_type(self.kwargs["code"])

    def get_title(self) -> str:
        return _("Edit %(name)s") % {"name": self.row.title}

    def get_parents(self) -> list[Any]:
        return [*TYPES, reverse("order_types:type", args=[self.row.code]), self.row.title]

    def get_words(self) -> Words:
        return FlowText().words()

    def save(self, form: OrderTypeForm) -> str:
        row = services.change_order_type(
            actor=self.request.user, code=self.kwargs["code"], values=form.values(), seen=form.read_seen()
        )
        return reverse("order_types:type", args=[row.code])


class DispositionList(ListPage):
    name = "dispositions"
    permission = "order_types.view"
    template_name = "workorders/order_types/dispositions.html"
    table_class = DispositionTable
    parent = INDEX

    def get_queryset(self) -> QuerySet[Disposition]:
        return Disposition.objects.for_list()

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"may_edit": self.user.may("order_types.edit")}

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"may_edit": self.user.may("order_types.edit")}


class DispositionPages(RowPage):
    permission = "order_types.edit"

    def get_parents(self) -> list[Any]:
        return [*DISPOSITIONS]


class NewDisposition(DispositionPages):
    form_class = NewDispositionForm
    title = gettext_lazy("New disposition")
    note = gettext_lazy("Then tick it in the order types that offer it. What it counts as stays: reports count by it.")

    def get_row(self) -> None:
        return None

    def save(self, form: NewDispositionForm) -> str:
        values = form.values()
        services.create_disposition(actor=self.request.user, code=values.pop("code"), values=values)
        return reverse("order_types:dispositions")


class EditDisposition(DispositionPages):
    form_class = DispositionForm
    action = DISPOSITION_ACTION
    note = gettext_lazy("It holds for contacts saved from now on. What it counts as stays: reports count by it.")

    def get_row(self) -> Disposition:
        row = Disposition.objects.for_list().filter(code=self.kwargs["code"]).first()
        if row is None:
            raise NotFound(_("There is no such disposition."))
        return row

    def get_title(self) -> str:
        return _("Edit %(name)s") % {"name": self.row.title}

    def save(self, form: DispositionForm) -> str:
        services.change_disposition(
            actor=self.request.user, code=self.kwargs["code"], values=form.values(), seen=form.read_seen()
        )
        return reverse("order_types:dispositions")


def _find_type(code: str) -> OrderType:
    row = OrderType.objects.for_administration().filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no such order type."))
    return row
