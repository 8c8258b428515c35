"""The knowledge base of the demo: the manager has agreed to what ships, so that agents find it on their first call."""

from datetime import date

from retention.core import clock
from retention.core.managed.states import Move, State
from retention.portal.services.demo_campaigns import person
from retention.portal.services.working_days import at_hour
from workorders.knowledge.models import Article
from workorders.knowledge.services.approval import move_article


def approve_articles(*, day: date) -> int:
    """Approve the submitted articles at nine on a day; how many."""
    submitted = list(Article.objects.filter(built_in=True, state=State.SUBMITTED).order_by("code"))
    now = at_hour(day, 9)
    with clock.freeze(now):
        for row in submitted:
            move_article(actor=person("manager"), code=row.code, version=row.version, move=Move.APPROVE, now=now)
    return len(submitted)
