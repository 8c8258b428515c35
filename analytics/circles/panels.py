"""The circle of a line on its page and on the call screen."""

from django.urls import reverse
from django.utils.translation import gettext as _

from customers.circles.models import Circle, CircleMember
from customers.circles.text import format_bundle, format_circle, format_left, format_lines, format_outside
from customers.facts.models import Subscriber
from customers.page360 import panels
from customers.page360.panels import Panel
from retention.core.accounts.permissions import StaffRequest


def register() -> None:
    panels.register_panel("circle", on_call=True)(circle_panel)


def circle_panel(request: StaffRequest, subscriber: Subscriber) -> Panel | None:
    """Counts, and the other lines that the reader may see anyway; the page has checked who may see this one.

    Nothing of who has opted out of profiling since the last night.
    """
    member = CircleMember.objects.of_line(subscriber)
    if member is None or not member.circle.lines or subscriber.account.customer.profiling_opt_out:
        return None
    circle = member.circle
    beside = list(CircleMember.objects.visible_to(request.user).beside(member))
    hidden = circle.lines - len(beside) - (subscriber.status != Subscriber.Status.TERMINATED)
    return Panel(
        title=_("Calling circle"),
        icon="users-group",
        template="analytics/circles/_panel.html",
        context={
            "headline": format_circle(circle),
            "facts": [text for text in (format_outside(circle), format_left(circle)) if text],
            "reason": format_bundle(circle, amounts=hidden <= 0),
            "whom": _whom(circle, subscriber),
            "beside": [one.subscriber for one in beside],
            "hidden": format_lines(hidden) if hidden > 0 else "",
            "url": _url(request, circle),
        },
    )


def _whom(circle: Circle, subscriber: Subscriber) -> str:
    if not circle.bundle_reason:
        return ""
    if circle.lead_id == subscriber.pk:
        return _("This is the line to speak to about it.")
    return _("Another line of the circle is the one to speak to about it.")


def _url(request: StaffRequest, circle: Circle) -> str:
    """Of the circle's page, for who may open it."""
    seen = request.user.may("churn.view") and Circle.objects.visible_to(request.user).filter(pk=circle.pk).exists()
    return reverse("analytics:circle", args=[circle.pk]) if seen else ""
