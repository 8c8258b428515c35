"""Quality marks counted: by agent, group, criterion and week. A fixed number of queries."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Count, DateTimeField, Q
from django.db.models.functions import TruncDate, TruncWeek

from retention.core.accounts.models import User
from workorders.orders.queries import day_bounds
from workorders.quality.agreement import Agreement, agreement
from workorders.quality.models import Calibration, Mark, Review, ReviewQuerySet

AGENT, TEAM, CRITERION, WEEK = "agent", "team", "criterion", "week"
# What is counted of reviews, and which of them.
FIGURES: Mapping[str, Q] = {
    "reviews": Q(),
    "fatal": Q(is_fatal=True),
    "objected": Q(reply=Review.Reply.OBJECTED),
}
_COUNTS = {name: Count("pk", filter=which or None) for name, which in FIGURES.items()}


def reviews_for(user: User, first: date, last: date, given: Mapping[str, Any]) -> ReviewQuerySet:
    """Reviews of calls saved on these days that the person may see, but of the own ones, by the filters of the page;
    counted ones only where the filters name a figure."""
    since, until = day_bounds(first, last)
    seen = Review.objects.visible_to(user).exclude(agent=user)
    found = seen.filter(contact_at__gte=since, contact_at__lt=until)
    fields = {
        "agent": "agent__username",
        "team": "team__code",
        "sheet": "sheet__code",
        "state": "state",
        "reason": "reason",
    }
    for name, field in fields.items():
        if given.get(name):
            found = found.filter(**{field: given[name]})
    if given.get("criterion"):
        found = found.filter(marks__criterion=given["criterion"], marks__share__isnull=False)
    if given.get("counted"):
        found = found.counted().filter(FIGURES[given["counted"]])
    return found


def marks_by(reviews: ReviewQuerySet, *, by: str, span: str = "") -> dict[tuple[str, date | None], dict[str, Any]]:
    """{(username or code of the group, first day or None): figures and mean mark}, of reviews that count. One query.

    span: "day", "week" or "" for all of them together.
    """
    who = {AGENT: "agent__username", TEAM: "team__code"}.get(by)
    spans = {"day": TruncDate("contact_at"), "week": TruncWeek("contact_at", output_field=DateTimeField())}
    rows = reviews.counted().order_by()
    if by == WEEK or span in spans:
        rows = rows.annotate(when=spans["week" if by == WEEK else span])
    keys = [name for name in (who, "when" if by == WEEK or span in spans else None) if name]
    found = rows.values(*keys).annotate(**_COUNTS, mark=Avg("total"))
    return {((row.pop(who) or "") if who else "", _day(row.pop("when", None))): row for row in found}


def marks_by_criterion(reviews: ReviewQuerySet) -> dict[tuple[str, str], dict[str, Any]]:
    """{(sheet, criterion): {"reviews", "mark"}}. One query."""
    marks = Mark.objects.filter(review__in=reviews.counted().values("pk"), share__isnull=False)
    rows = marks.values("review__sheet__code", "criterion").annotate(reviews=Count("pk"), mark=Avg("share"))
    return {
        (row["review__sheet__code"], row["criterion"]): {"reviews": row["reviews"], "mark": row["mark"]}
        for row in rows.order_by("review__sheet__code", "criterion")
    }


def agreements(row: Calibration) -> list[Agreement]:
    """How far the reviewers of a calibration agree, criterion by criterion. Two queries."""
    reviews = {one.pk: one for one in row.reviews.select_related("reviewer")}
    scores: dict[str, dict[str, dict[int, int | None]]] = {}
    marks = Mark.objects.filter(review__in=reviews)
    for mark in marks:
        review = reviews[mark.review_id]
        by_reviewer = scores.setdefault(mark.criterion, {})
        by_reviewer.setdefault(str(review.reviewer), {})[review.contact_id] = mark.score
    criteria = next((one.as_criteria() for one in reviews.values()), ())
    return [agreement(one, scores.get(one.key, {})) for one in criteria]


def _day(at: datetime | date | None) -> date | None:
    return at.date() if isinstance(at, datetime) else at
