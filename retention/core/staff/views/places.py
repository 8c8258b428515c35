"""Branches as billing delivers them, and retention groups, which the administration keeps."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from retention.core.accounts.models import Team
from retention.core.administration.views import INDEX, RowPage
from retention.core.errors import NotFound
from retention.core.staff import services
from retention.core.staff.forms import GroupForm, NewGroupForm, PlaceFilterForm
from retention.core.staff.queries import CountedRow, branches_for, groups_for, visible_groups
from retention.core.staff.tables import BranchTable, RetentionGroupTable
from retention.core.ui.listing import ListPage

GROUPS = ("core:staff-groups", gettext_lazy("Retention groups"))


class PlaceList(ListPage):
    """A list of CountedRow, filtered by name and code."""

    permission = "staff.view"
    form_class = PlaceFilterForm
    parent = INDEX

    def matching(self, rows: list[CountedRow]) -> list[CountedRow]:
        words = str(self.cleaned.get("q", "")).casefold()
        return [one for one in rows if words in f"{one.row.code} {one.row.name} {one.row}".casefold()]


class BranchList(PlaceList):
    name = "branch-tree"
    table_class = BranchTable
    subtitle = gettext_lazy(
        "Branches and their names come from the billing system; a change here would be undone by its next delivery. "
        "Numbers include all branches below."
    )

    def get_queryset(self) -> list[CountedRow]:
        return self.matching(branches_for(self.user))


class GroupList(PlaceList):
    name = "retention-groups"
    table_class = RetentionGroupTable
    template_name = "core/staff/groups.html"
    subtitle = gettext_lazy("New orders go to the group of the customer's branch, or of the nearest branch above it.")

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"may_edit": self.user.may("staff.edit")}

    def get_context_data(self) -> dict[str, Any]:
        return super().get_context_data() | {"may_edit": self.user.may("staff.edit")}

    def get_queryset(self) -> list[CountedRow]:
        return self.matching(groups_for(self.user))


class GroupPages(RowPage):
    permission = "staff.edit"

    def get_parents(self) -> list[Any]:
        return [*GROUPS]


class NewGroup(GroupPages):
    form_class = NewGroupForm
    title = gettext_lazy("New group")
    note = gettext_lazy("People are put into groups on their own pages.")

    def get_row(self) -> None:
        return None

    def save(self, form: NewGroupForm) -> str:
        values = form.values()
        services.create_group(actor=self.request.user, code=values.pop("code"), values=values)
        return reverse("core:staff-groups")


class EditGroup(GroupPages):
    form_class = GroupForm
    action = "team.change"
    note = gettext_lazy("A new branch holds for new orders; those in the queue stay with the group.")

    def get_row(self) -> Team:
        group = visible_groups(self.request.user).filter(code=self.kwargs["code"]).first()
        if group is None:
            raise NotFound(_("There is no such group."))
        return group

    def get_title(self) -> str:
        return _("Edit %(name)s") % {"name": self.row.title}

    def save(self, form: GroupForm) -> str:
        services.change_group(
            actor=self.request.user, code=self.kwargs["code"], values=form.values(), seen=form.read_seen()
        )
        return reverse("core:staff-groups")
