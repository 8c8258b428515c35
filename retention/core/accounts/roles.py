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
        _READ
        | {
            "cohorts.own",
            "customers.view",
            "customers.reveal_phone",
            "customers.mark",
            "knowledge.view",
            "offers.view",
            "documents.view",
            "work.do",
        },
    ),
    Role.SUPERVISOR: frozenset(
        _READ
        | {
            "customers.view",
            "customers.reveal_phone",
            "customers.mark",
            "offers.view",
            "knowledge.view",
            "knowledge.edit",
            "knowledge.calls",
            "messages.view",
            "segments.view",
            "campaigns.view",
            "cohorts.own",
            "work.do",
            "work.supervise",
            "quality.view",
            "quality.review",
            "surveys.view",
            "export",
            "administration.view",
            "staff.view",
            "agents.edit",
            "allocation.view",
            "calendars.view",
            "inspections.view",
            "inspections.edit",
            "documents.view",
            "documents.edit",
            "order_types.view",
            "contact_policy.view",
        },
    ),
    Role.ANALYST: frozenset(
        _READ
        | {
            "customers.view",
            "kpis.view",
            "inspections.view",
            "churn.view",
            "fields.view",
            "offers.view",
            "knowledge.view",
            "knowledge.calls",
            "messages.view",
            "scenarios.view",
            "segments.view",
            "cohorts.view",
            "campaigns.view",
            "jobs.view",
            "quality.view",
            "surveys.view",
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
            "fields.view",
            "churn.plan",
            "offers.view",
            "offers.edit",
            "knowledge.view",
            "knowledge.edit",
            "knowledge.approve",
            "knowledge.calls",
            "messages.view",
            "messages.edit",
            "scenarios.view",
            "scenarios.edit",
            "segments.view",
            "segments.edit",
            "cohorts.view",
            "cohorts.edit",
            "campaigns.view",
            "campaigns.edit",
            "campaigns.approve",
            "work.supervise",
            "jobs.view",
            "facts.take_back",
            "quality.view",
            "quality.review",
            "quality.edit",
            "surveys.view",
            "surveys.edit",
            "export",
            "administration.view",
            "staff.view",
            "agents.edit",
            "allocation.view",
            "allocation.edit",
            "calendars.edit",
            "calendars.view",
            "inspections.view",
            "inspections.edit",
            "documents.view",
            "documents.edit",
            "order_types.view",
            "contact_policy.view",
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
            "fields.view",
            "churn.plan",
            "churn.promote",
            "churn.define",
            "offers.view",
            "offers.edit",
            "knowledge.view",
            "knowledge.edit",
            "knowledge.approve",
            "knowledge.calls",
            "messages.view",
            "messages.edit",
            "scenarios.view",
            "scenarios.edit",
            "segments.view",
            "segments.edit",
            "cohorts.view",
            "cohorts.edit",
            "campaigns.view",
            "campaigns.edit",
            "campaigns.approve",
            "work.supervise",
            "jobs.view",
            "jobs.run",
            "facts.import",
            "facts.take_back",
            "quality.view",
            "quality.review",
            "quality.edit",
            "surveys.view",
            "surveys.edit",
            "export",
            "administration.view",
            "staff.view",
            "staff.edit",
            "agents.edit",
            "allocation.view",
            "allocation.edit",
            "calendars.edit",
            "calendars.view",
            "inspections.edit",
            "inspections.view",
            "documents.view",
            "documents.edit",
            "order_types.view",
            "order_types.edit",
            "contact_policy.view",
            "contact_policy.edit",
            "own_fields.edit",
            "admin",
        },
    ),
}

# What the page of the roles calls each permission.
PERMISSION_NAMES: dict[str, object] = {
    "home": _("Open the home page"),
    "search": _("Search"),
    "customers.view": _("See customers"),
    "customers.reveal_phone": _("Show a phone number in full"),
    "customers.mark": _("Put customers on do-not-disturb and false-user lists, record consents"),
    "customers.list": _("Put customers on every list"),
    "kpis.view": _("See key figures"),
    "churn.view": _("See churn warnings, reports and the model monitor"),
    "churn.plan": _("Plan lists and set the values of offers"),
    "churn.promote": _("Train models and put them to use"),
    "churn.define": _("Define what counts as churn"),
    "offers.view": _("See offers"),
    "offers.edit": _("Make and change offers"),
    "knowledge.view": _("Read the knowledge base, vote and suggest"),
    "knowledge.edit": _("Write articles and settle suggestions"),
    "knowledge.approve": _("Approve articles that others have written, and retire them"),
    "knowledge.calls": _("See the calls in which an article was opened"),
    "messages.view": _("See messages and their templates"),
    "messages.edit": _("Write, approve and test message templates"),
    "scenarios.view": _("See scenarios"),
    "scenarios.edit": _("Make, change and switch scenarios"),
    "fields.view": _("See the field catalogue"),
    "segments.view": _("See segments"),
    "segments.edit": _("Change segments and their actions"),
    "cohorts.view": _("See snapshot cohorts and their members"),
    "cohorts.edit": _("Freeze snapshot cohorts and give their members owners"),
    "cohorts.own": _("See the cohort members that one answers for"),
    "campaigns.view": _("See campaigns and their results"),
    "campaigns.edit": _("Plan and run campaigns"),
    "campaigns.approve": _("Approve campaigns that others have planned"),
    "work.do": _("Work on orders"),
    "work.supervise": _("Supervise: assign, take back, reopen orders"),
    "jobs.view": _("See jobs and billing batches"),
    "jobs.run": _("Run jobs again"),
    "facts.import": _("Import files"),
    "facts.take_back": _("Take back what billing has delivered"),
    "export": _("Export lists"),
    "administration.view": _("Open the administration"),
    "staff.view": _("See people, groups, branches and roles"),
    "staff.edit": _("Make and change people and groups"),
    "agents.edit": _("Change the skills of agents, their cap of the day and their absences"),
    "allocation.view": _("See skills and allocation rules"),
    "allocation.edit": _("Make and change skills and allocation rules"),
    "calendars.view": _("See working calendars"),
    "calendars.edit": _("Make and change working calendars"),
    "inspections.view": _("See inspection plans, routes and the service of enterprise customers"),
    "documents.view": _("Open documents and voice files"),
    "documents.edit": _("Keep documents and voice files"),
    "inspections.edit": _("Make and change inspection plans, move visits"),
    "order_types.view": _("See order types and dispositions"),
    "order_types.edit": _("Change order types and dispositions"),
    "quality.view": _("See quality reviews and their results"),
    "quality.review": _("Review calls of others, answer objections, run calibrations"),
    "quality.edit": _("Make and change score sheets and sampling rules"),
    "surveys.view": _("See questionnaires and their results"),
    "surveys.edit": _("Write and publish questionnaires"),
    "contact_policy.view": _("See the contact policy"),
    "contact_policy.edit": _("Change the contact policy"),
    "own_fields.edit": _("Declare the operator's own fields"),
    "admin": _("Manage API clients and webhooks, technical administration"),
}

# Who may make people of a role, change them, or give them the role.
GIVEN_BY: dict[str, frozenset[str]] = {Role.ADMINISTRATOR: frozenset(Role.values)}


def may(role: str, permission: str) -> bool:
    """Whether `role` holds `permission`; an unknown permission is a programming error."""
    if permission not in ALL_PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}")
    return permission in PERMISSIONS.get(role, frozenset())


def roles_given_by(role: str) -> frozenset[str]:
    """The roles that people of `role` may give, and whose people they may change."""
    return GIVEN_BY.get(role, frozenset())


ALL_PERMISSIONS = frozenset().union(*PERMISSIONS.values())
