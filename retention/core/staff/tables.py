"""The lists of people, groups, branches and roles."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User
from retention.core.ui import components
from retention.core.ui.tables.base import BaseTable
from retention.core.ui.tables.columns import Column, DayColumn


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


def linked(number: str, address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, number)
