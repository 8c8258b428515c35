"""Writes the articles that ship and are missing."""

from retention.core.managed.states import State
from workorders.knowledge.defaults import ARTICLES
from workorders.knowledge.models import Article


def install_articles() -> int:
    """The others stay as people left them. Returns how many are new: submitted, so that a manager can approve them at
    once; nothing is read before the operator has agreed to the words."""
    known = set(Article.objects.values_list("code", flat=True))
    new = [Article(**row, built_in=True, state=State.SUBMITTED) for row in ARTICLES if row["code"] not in known]
    for one in new:
        one.normalize()
    return len(Article.objects.bulk_create(new, ignore_conflicts=True))
