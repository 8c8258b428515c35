"""The side navigation: the pages offered to each role. The same permission guards the page itself."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from retention.core import clock


@dataclass(frozen=True)
class Entry:
    label: object
    icon: str
    route: str
    permission: str


ENTRIES = (
    Entry(_("Home"), "home", "portal:home", "home"),
    Entry(_("Work"), "headset", "workorders:console", "work.do"),
    Entry(_("Supervise"), "users-group", "workorders:supervise", "work.supervise"),
    Entry(_("Quality review"), "list-check", "quality:reviews", "quality.view"),
    Entry(_("Customers"), "address-book", "customers:list", "customers.view"),
    Entry(_("Churn warning"), "alert-triangle", "analytics:churn", "churn.view"),
    Entry(_("Scenarios"), "target", "campaigns:scenarios", "scenarios.view"),
    Entry(_("Segments"), "layout-dashboard", "segments:segmentations", "segments.view"),
    Entry(_("Snapshot cohorts"), "users", "cohorts:cohorts", "cohorts.view"),
    Entry(_("My cohort members"), "users", "cohorts:mine", "cohorts.own"),
    Entry(_("Campaigns"), "calendar-event", "campaign:campaigns", "campaigns.view"),
    Entry(_("Offers"), "gift", "offers:offers", "offers.view"),
    Entry(_("Knowledge base"), "book", "knowledge:articles", "knowledge.view"),
    Entry(_("Messages"), "message", "messages:messages", "messages.view"),
    Entry(_("Questionnaires"), "clipboard-list", "surveys:questionnaires", "surveys.view"),
    Entry(_("Fields"), "table", "glossary:fields", "fields.view"),
    Entry(_("Import"), "database-import", "imports:list", "facts.import"),
    Entry(_("Billing batches"), "database", "batches:list", "jobs.view"),
    Entry(_("Jobs"), "list-check", "core:jobs", "jobs.view"),
    Entry(_("Webhooks"), "send", "core:webhooks", "admin"),
    Entry(_("API clients"), "server", "core:api-clients", "admin"),
    Entry(_("Administration"), "settings", "core:administration", "administration.view"),
)

# What the palette (Ctrl+K) offers to search for the words typed into it.
SEARCHES = (
    Entry(_("Find customers with"), "search", "customers:list", "customers.view"),
    Entry(_("Search the knowledge base for"), "book", "knowledge:articles", "knowledge.view"),
)


def shell(request: HttpRequest) -> dict:
    """What every page's frame needs."""
    user = getattr(request, "user", None)
    now = clock.now()
    context: dict = {"business_date": now.date(), "read_at": now, "nav": [], "searches": [], "theme": "system"}
    if user is None or not user.is_authenticated:
        return context
    nav = []
    for entry in ENTRIES:
        if not user.may(entry.permission):
            continue
        url = reverse(entry.route)
        active = request.path == url or (url != "/" and request.path.startswith(url))
        nav.append({"label": entry.label, "icon": entry.icon, "url": url, "active": active})
    searches = [{"label": one.label, "url": f"{reverse(one.route)}?q="} for one in SEARCHES if user.may(one.permission)]
    return context | {"nav": nav, "searches": searches, "theme": user.theme, "shortcuts_on": user.shortcuts}
