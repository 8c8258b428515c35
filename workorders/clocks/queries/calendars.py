"""Which calendar holds for a group or a branch: the group's own, else that of the nearest branch above it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from retention.core.accounts.models import Branch, Team
from workorders.clocks.calendars import ALWAYS, Calendar, calendar_key, read_hours
from workorders.clocks.models import WorkCalendar

ROOT = ""


@dataclass(frozen=True)
class CalendarBook:
    """The calendars in use, read once. by_path: {path of a branch, "" for the whole base: calendar}."""

    by_group: Mapping[str, Calendar]
    by_path: Mapping[str, Calendar]
    teams: Mapping[int, tuple[str, str]]  # {id: (code, path of its branch)}
    branches: Mapping[int, str]

    def of_team(self, team: int) -> Calendar:
        code, path = self.teams.get(team, ("", ROOT))
        return self.by_group.get(code) or self.of_path(path)

    def of(self, team: int | None, branch: int) -> Calendar:
        """That of an order: of its group, without one of its branch."""
        if not self.by_path and not self.by_group:
            return ALWAYS
        return self.of_path(self.branches[branch]) if team is None else self.of_team(team)

    def of_path(self, path: str) -> Calendar:
        while path:
            if path in self.by_path:
                return self.by_path[path]
            path = path[: path.rstrip("/").rfind("/") + 1]
        return self.by_path.get(ROOT, ALWAYS)


def open_book(*, instead: WorkCalendar | None = None) -> CalendarBook:
    """The book as it stands. instead: a calendar in use as it would be after a change that is not saved."""
    rows = [instead if instead is not None and row.pk == instead.pk else row for row in WorkCalendar.objects.in_use()]
    if instead is not None and instead.enabled and not any(row.pk == instead.pk for row in rows):
        rows.append(instead)
    rows = [row for row in rows if row.enabled]
    if not rows:
        return CalendarBook({}, {}, {}, {})
    by_group, by_path = {}, {}
    for row in rows:
        calendar = calendar_of(row)
        for code in row.groups:
            by_group[code] = calendar
        if not row.groups:
            by_path[row.branch.path if row.branch else ROOT] = calendar
    teams = Team.objects.order_by().values_list("pk", "code", "branch__path")
    return CalendarBook(by_group, by_path, {pk: (code, path) for pk, code, path in teams}, _Paths())


class _Paths(dict[int, str]):
    """Paths of branches, read when they are asked for: few orders have no group."""

    def __missing__(self, branch: int) -> str:
        self[branch] = path = Branch.objects.values_list("path", flat=True).get(pk=branch)
        return path


def calendar_of(row: WorkCalendar) -> Calendar:
    """The calendar as arithmetic; a process lays each content out once."""
    content = json.dumps([row.hours, row.days], sort_keys=True)
    return _laid_out(row.code, row.version, row.holidays, settings.TIME_ZONE, content)


@lru_cache(maxsize=256)
def _laid_out(code: str, version: int, country: str, zone: str, content: str) -> Calendar:
    hours, days = json.loads(content)
    keeper = read_hours(hours, days, country).worktime(ZoneInfo(zone))
    return Calendar(calendar_key(code, version, country, zone), keeper)
