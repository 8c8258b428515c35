"""Permissions of each role: one table, closed by default. Row access is `visible_to` on each queryset."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from retention.core.registry import Registry


class Role(models.TextChoices):
    MANAGER = "manager", _("Retention manager")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


# A session that nobody uses ends after so many minutes. Who is on the phone types, looks up and saves all the time;
# the shorter times are of those whose pages show the whole base or change who may do what.
IDLE_MINUTES: dict[str, int] = {
    Role.AGENT: 60,
    Role.SUPERVISOR: 60,
    Role.MANAGER: 30,
    Role.ANALYST: 30,
    Role.ADMINISTRATOR: 15,
}

# Landing page of a role after sign-in (URL name); the home page for roles without an entry.
LANDING_PAGES: Registry[str, str] = Registry("landing page of the role")

_READ = {"home", "search"}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.AGENT: frozenset(
        _READ | {"customers.view", "customers.reveal_phone", "customers.mark", "offers.view", "work.do"},
    ),
    Role.SUPERVISOR: frozenset(
        _READ
        | {
            "customers.view",
            "customers.reveal_phone",
            "customers.mark",
            "offers.view",
            "segments.view",
            "work.do",
            "work.supervise",
            "export",
        },
    ),
    Role.ANALYST: frozenset(
        _READ
        | {
            "customers.view",
            "kpis.view",
            "churn.view",
            "offers.view",
            "scenarios.view",
            "segments.view",
            "jobs.view",
            "export",
        },
    ),
    Role.MANAGER: frozenset(
        _READ
        | {
            "customers.view",
            "customers.reveal_phone",
            "customers.mark",
            "customers.list",
            "kpis.view",
            "churn.view",
            "churn.plan",
            "offers.view",
            "offers.edit",
            "scenarios.view",
            "scenarios.edit",
            "segments.view",
            "segments.edit",
            "work.supervise",
            "jobs.view",
            "facts.take_back",
            "export",
        },
    ),
    Role.ADMINISTRATOR: frozenset(
        _READ
        | {
            "customers.view",
            "customers.reveal_phone",
            "customers.mark",
            "customers.list",
            "kpis.view",
            "churn.view",
            "churn.plan",
            "churn.promote",
            "churn.define",
            "offers.view",
            "offers.edit",
            "scenarios.view",
            "scenarios.edit",
            "segments.view",
            "segments.edit",
            "work.supervise",
            "jobs.view",
            "jobs.run",
            "facts.import",
            "facts.take_back",
            "export",
            "admin",
        },
    ),
}


def may(role: str, permission: str) -> bool:
    """Whether `role` holds `permission`; an unknown permission is a programming error."""
    if permission not in ALL_PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}")
    return permission in PERMISSIONS.get(role, frozenset())


ALL_PERMISSIONS = frozenset().union(*PERMISSIONS.values())
