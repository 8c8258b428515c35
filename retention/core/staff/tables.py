"""The lists of people, groups, branches and roles."""

from collections.abc import Collection
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.staff.queries import (
    BRANCH_COUNTS,
    GROUP_COUNTS,
    PEOPLE_OF_BRANCH,
    PEOPLE_OF_GROUP,
    Counted,
    CountedRow,
)
from retention.core.ui import components
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn, NumberColumn
from retention.core.ui.tables.detail import DetailTable

INDENT = "\N{NO-BREAK SPACE}" * 3


class PeopleTable(BaseTable):
    """People of `for_list()`. locked: names whose sign-in is locked."""

    name = Column(
        verbose_name=pgettext_lazy("person", "Name"), accessor="display_name", order_by=("last_name", "username")
    )
    username = Column(verbose_name=_("User name"))
    role = Column(verbose_name=_("Role"))
    branch = Column(verbose_name=_("Branch"), order_by="branch__path")
    teams = Column(verbose_name=_("Retention groups"), orderable=False, empty_values=())
    is_active = Column(verbose_name=_("Staff account"))
    last_login = DayColumn(verbose_name=_("Last sign-in"))

    caption = _("People")
    region_id = "people"
    empty_title = _("Nobody here yet")

    def __init__(self, *args: Any, locked: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.locked = locked

    def row_url(self, record: User) -> str:
        return reverse("core:person", args=[record.username])

    def render_teams(self, record: User) -> str:
        return pgettext("between the values of a list", ", ").join(team.title for team in record.teams.all()) or "–"

    def render_is_active(self, record: User) -> SafeString:
        return components.badge(*self._account(record))

    def value_is_active(self, record: User) -> str:
        return self._account(record)[0]

    def _account(self, record: User) -> tuple[str, str, str]:
        if not record.is_active:
            return gettext("Deactivated"), "neutral", "ban"
        if record.username in self.locked:
            return gettext("Sign-in locked"), "warning", "lock"
        return gettext("Active"), "good", "check"


class LinkedNumber(NumberColumn):
    """A number of a CountedRow that opens the list of what it counts."""

    def __init__(self, key: str, counted: Counted) -> None:
        super().__init__(verbose_name=counted.label, help_text=counted.meaning, accessor=f"counts__{key}")
        self.address = counted.address

    def render(self, value: int, record: CountedRow) -> SafeString | str:  # type: ignore[override]
        shown = super().render(value)
        return (
            format_html('<a href="{}">{}</a>', self.address.format(code=quote(record.row.code)), shown)
            if value
            else shown
        )


class BranchTable(BaseTable):
    name = Column(verbose_name=_("Branch"), accessor="row__name", order_by="row__path")
    code = Column(verbose_name=_("Code"), accessor="row__code")
    level = Column(verbose_name=_("Level"), accessor="row__get_level_display", orderable=False)

    caption = _("Branches")
    region_id = "branches"
    empty_title = _("No branches yet")
    empty_text = _("They come with the first delivery of the billing system.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        columns = {"people": PEOPLE_OF_BRANCH, **BRANCH_COUNTS}
        super().__init__(*args, extra_columns=[(key, LinkedNumber(key, one)) for key, one in columns.items()], **kwargs)

    def render_name(self, record: CountedRow) -> str:
        return INDENT * (record.row.path.count("/") - 1) + record.row.name

    def value_name(self, record: CountedRow) -> str:
        return str(record.row.name)


class RetentionGroupTable(BaseTable):
    name = Column(verbose_name=pgettext_lazy("team", "Group"), accessor="row__title")
    code = Column(verbose_name=_("Code"), accessor="row__code")
    branch = Column(verbose_name=_("Branch"), accessor="row__branch", order_by="row__branch__path")

    caption = _("Retention groups")
    region_id = "groups"
    empty_title = _("No groups yet")
    empty_text = _("Orders wait in the queue of a group until one of its agents takes them.")

    def __init__(self, *args: Any, may_edit: bool = False, **kwargs: Any) -> None:
        columns = {"people": PEOPLE_OF_GROUP, **GROUP_COUNTS}
        super().__init__(*args, extra_columns=[(key, LinkedNumber(key, one)) for key, one in columns.items()], **kwargs)
        self.may_edit = may_edit

    def row_url(self, record: CountedRow) -> str | None:
        return reverse("core:staff-group-edit", args=[record.row.code]) if self.may_edit else None


class RoleTable(DetailTable):
    """Rows of text.role_rows."""

    role = Column(verbose_name=_("Role"))
    people = NumberColumn(
        verbose_name=_("Active people"), help_text=_("Active accounts with this role, of those you may see.")
    )
    idle = Column(verbose_name=_("Signed out after idle"))
    given_by = Column(verbose_name=_("Given by"))

    caption = _("Roles")

    def render_people(self, value: int, record: dict[str, Any]) -> SafeString:
        address = f"{reverse('core:people')}?role={record['code']}&active=yes"
        return format_html('<a href="{}">{}</a>', address, NumberColumn().render(value))


class PermissionTable(DetailTable):
    """Rows of text.permission_rows: what may be done, and for each role whether it may."""

    name = Column(verbose_name=_("What may be done"))

    caption = _("What each role may do")

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__(rows, extra_columns=[(role.value, YesColumn(verbose_name=role.label)) for role in Role])


class YesColumn(Column):
    def render(self, value: bool) -> SafeString | str:
        return components.icon("check", label=gettext("yes")) if value else ""
