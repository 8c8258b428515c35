"""The lists that managers keep themselves."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.lists.forms import OWN, OwnListForm
from customers.lists.models import ListEntry, OwnList
from customers.lists.queries import own_lists_for
from customers.lists.tables import OwnListTable, entries_url, format_effect
from retention.core import clock
from retention.core.managed.views.base import ManagedPage
from retention.core.managed.views.detail import ManagedDetail
from retention.core.managed.views.editing import ManagedCopy, ManagedCreate, ManagedSwitch, ManagedUpdate
from retention.core.managed.views.listing import ManagedList


class OwnListPages(ManagedPage):
    model = OwnList
    kind_form = OwnListForm
    templates = "customers/lists/own"


class NewOwnList(OwnListPages, ManagedCreate):
    pass


class EditOwnList(OwnListPages, ManagedUpdate):
    pass


class CopyOwnList(OwnListPages, ManagedCopy):
    pass


class SwitchOwnList(OwnListPages, ManagedSwitch):
    pass


class OwnListPage(OwnListPages, ManagedDetail):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = ListEntry.objects.visible_to(self.user).filter(own_list=self.object)
        return super().get_context_data(
            says=format_effect(self.object),
            entries=entries.in_force(on=clock.today()).count(),
            expiring=entries.expiring(on=clock.today()).count(),
            entries_url=entries_url(f"{OWN}{self.object.code}"),
            expiring_url=entries_url(f"{OWN}{self.object.code}", expiring="on"),
            **kwargs,
        )


class OwnLists(ManagedList):
    model = OwnList
    name = "own-lists"
    permission = "customers.list"
    subtitle = _("Lists that you keep: they mark customers, or block contact with them.")
    table_class = OwnListTable
    parent = ("customer_lists:kinds", _("Customer lists"))

    def get_queryset(self) -> list[dict[str, Any]]:
        return [
            {
                "pk": one.pk, "code": one.code, "name": one.title, "enabled": one.enabled, "branch": one.branch,
                "says": format_effect(one), "entries": entries,
            }
            for one, entries in own_lists_for(self.user, on=clock.today())
        ]  # fmt: skip
