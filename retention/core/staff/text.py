"""What was done to an account, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from retention.core.accounts.forms import LANGUAGE_NAMES
from retention.core.accounts.models import Branch, User
from retention.core.accounts.roles import GIVEN_BY, IDLE_MINUTES, PERMISSION_NAMES, Role, may
from retention.core.audit.models import AuditEntry
from retention.core.audit.services import SYSTEM
from retention.core.managed.queries import actor_of
from retention.core.managed.text import Change, FieldText, Words
from retention.core.ui import formats

PERSON_WORDS: Words = {"language": lambda code: LANGUAGE_NAMES.get(code, code)}


def format_person_history(entries: Iterable[AuditEntry]) -> list[Change]:
    """Entries of queries.history_of_person, in their order."""
    text = FieldText(User, PERSON_WORDS)
    return [Change(one.at, _who(one), _what(one), _fields(one.detail, text)) for one in entries]


def _who(entry: AuditEntry) -> str:
    return _("the system") if entry.actor_name == SYSTEM else actor_of(entry)


def _what(entry: AuditEntry) -> str:
    if entry.action == "session.unlock":
        return _("Sign-in unlocked")
    if entry.action == "staff.password":
        return _("Password reset") if entry.detail.get("how") == "reset" else _("Own password changed")
    if entry.detail.get("made") or entry.detail.get("created") is True:
        return pgettext("history", "Created")
    return _("Changed")


def _fields(detail: Mapping[str, Any], text: FieldText) -> list[tuple[str, str, str]]:
    """(label, before, after) of what changed; of a new account nothing."""
    if detail.get("made") or detail.get("created") is True:
        return []
    moved = detail.get("changes") or detail.get("moved") or {}
    return [(text.label(name), text.value(name, old), text.value(name, new)) for name, (old, new) in moved.items()]


def role_label(role: str) -> str:
    return str(Role(role).label)


def person_facts(person: User, *, is_locked: bool) -> list[tuple[str, Any]]:
    """(label, value) pairs of the page of a person."""
    groups = pgettext("between the values of a list", ", ").join(team.title for team in person.teams.all())
    branch: Branch | None = person.branch
    return [
        (_("User name"), person.username),
        (pgettext("person", "Name"), person.get_full_name() or formats.DASH),
        (_("E-mail address"), person.email or formats.DASH),
        (_("Role"), role_label(person.role)),
        (_("Branch"), str(branch) if branch else formats.DASH),
        (_("Retention groups"), groups or formats.DASH),
        (_("Language"), LANGUAGE_NAMES.get(person.language, person.language)),
        (_("Last sign-in"), formats.moment(person.last_login) if person.last_login else _("Never")),
        (_("Sign-in"), _("Locked after wrong passwords") if is_locked else pgettext("sign-in", "Open")),
        (_("Account created"), formats.moment(person.date_joined)),
    ]


def role_rows(counted: Mapping[str, int]) -> list[dict[str, Any]]:
    """Rows of RoleTable. counted: {role: active people}."""
    between = pgettext("between the values of a list", ", ")
    givers = {role: [role_label(one) for one, given in GIVEN_BY.items() if role in given] for role in Role}
    return [
        {
            "code": role.value,
            "role": role.label,
            "people": counted.get(role, 0),
            "idle": _("%(minutes)s minutes") % {"minutes": IDLE_MINUTES[role]},
            "given_by": between.join(givers[role]),
        }
        for role in Role
    ]


def permission_rows() -> list[dict[str, Any]]:
    """Rows of PermissionTable, those that most roles have first."""
    rows = [
        {"name": str(name)} | {role.value: may(role, permission) for role in Role}
        for permission, name in PERMISSION_NAMES.items()
    ]
    return sorted(rows, key=lambda row: -sum(row[role.value] for role in Role))
