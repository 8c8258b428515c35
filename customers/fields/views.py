"""Pages of the operator's own fields."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.facts.models import CustomField
from customers.fields.forms import NewOwnFieldForm, OwnFieldForm
from customers.fields.services import OWN_FIELD_ACTION, create_own_field, rename_own_field, target_of
from customers.fields.tables import OwnFieldTable
from retention.core.administration.views import INDEX, RowPage
from retention.core.errors import NotFound
from retention.core.ui.listing import ListPage

OWN_FIELDS = ("own_fields:list", gettext_lazy("Own fields"))


class OwnFieldList(ListPage):
    name = "own-fields"
    permission = "own_fields.edit"
    template_name = "customers/fields/own_fields.html"
    table_class = OwnFieldTable
    parent = INDEX

    def get_queryset(self) -> QuerySet[CustomField]:
        return CustomField.objects.all()


class OwnFieldPages(RowPage):
    permission = "own_fields.edit"

    def get_parents(self) -> list[Any]:
        return [*OWN_FIELDS]


class NewOwnField(OwnFieldPages):
    form_class = NewOwnFieldForm
    title = gettext_lazy("New own field")
    note = gettext_lazy("Key and type stay as they are made here: facts, rules and models refer to them.")

    def get_row(self) -> None:
        return None

    def save(self, form: NewOwnFieldForm) -> str:
        values = form.values()
        create_own_field(actor=self.request.user, key=values.pop("key"), values=values)
        return reverse("own_fields:list")


class RenameOwnField(OwnFieldPages):
    form_class = OwnFieldForm
    action = OWN_FIELD_ACTION

    def get_row(self) -> CustomField:
        row = CustomField.objects.filter(key=self.kwargs["key"]).first()
        if row is None:
            raise NotFound(_("There is no such field."))
        return row

    def get_title(self) -> str:
        return _("Edit %(name)s") % {"name": self.row.title}

    def get_target(self, row: Any) -> str:
        return target_of(row.key)

    def save(self, form: OwnFieldForm) -> str:
        rename_own_field(actor=self.request.user, key=self.kwargs["key"], values=form.values(), seen=form.read_seen())
        return reverse("own_fields:list")
