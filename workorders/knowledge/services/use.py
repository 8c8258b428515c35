"""What readers write: votes, openings on calls, suggestions and the answers to them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from workorders.knowledge.kinds import Wish
from workorders.knowledge.models import Article, ArticleVersion, Opening, Suggestion, Vote
from workorders.knowledge.services.notices import tell_suggester
from workorders.orders.models import WorkOrder
from workorders.orders.states import WORKED


def vote(*, person: User, code: str, useful: bool, now: datetime) -> ArticleVersion:
    """The person's vote on the version in use; a later one takes its place. NotFound for what they do not read."""
    version = read_version(person=person, code=code)
    Vote.objects.update_or_create(version=version, person=person, defaults={"useful": useful, "at": now})
    return version


def read_version(*, person: User, code: str) -> ArticleVersion:
    """The version in use of an article that the person may see. NotFound without."""
    found = ArticleVersion.objects.read_by(person).select_related("article").filter(article__code=code).first()
    if found is None:
        raise NotFound(_("There is no such article in use."))
    return found


def open_on_call(*, order: WorkOrder, agent: User, code: str, now: datetime) -> ArticleVersion:
    """The article, read on the call screen; noted once for the order while the agent has it on the desk."""
    version = read_version(person=agent, code=code)
    if order.assignee_id == agent.pk and order.state in WORKED and order.lease_until is not None:
        Opening.objects.bulk_create([Opening(order=order, version=version, agent=agent, at=now)], ignore_conflicts=True)
    return version


@transaction.atomic
def suggest(*, person: User, text: str, now: datetime, code: str = "") -> Suggestion:
    """A change of the article with this code, or without one a new article. Invalid without a text."""
    if not text.strip():
        message = _("Write what should be different.")
        raise Invalid(message, details=[{"field": "text", "code": "required", "message": message}])
    article = Article.objects.visible_to(person).in_use().filter(code=code).first() if code else None
    if code and article is None:
        raise NotFound(_("There is no such article in use."))
    made = Suggestion.objects.create(article=article, person=person, text=text.strip(), at=now)
    audit.record(actor=person, action="article.suggest", target=article or "article", suggestion=made.pk)
    return made


@transaction.atomic
def settle(*, actor: User, suggestion: int, adopted: bool, answer: str, now: datetime) -> Suggestion:
    """Adopt or decline; who has suggested is told. NotFound, Refused for one's own, Conflict for a settled one."""
    rows = Suggestion.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    row = rows.filter(pk=suggestion).first() if actor.may("knowledge.edit") else None
    if row is None:
        raise NotFound(_("There is no such suggestion."))
    if row.person_id == actor.pk:
        raise Refused(_("Nobody settles a suggestion of their own."), code="own_work")
    if row.state != Wish.OPEN:
        raise Conflict(_("This suggestion is settled already."), code="wrong_state")
    row.state = Wish.ADOPTED if adopted else Wish.DECLINED
    row.settled_at, row.settled_by, row.answer = now, actor, answer.strip()
    row.save(update_fields=["state", "settled_at", "settled_by", "answer"])
    audit.record(actor=actor, action="article.settle", target=row.article or "article", suggestion=row.pk, to=row.state)
    tell_suggester(suggestion=row, now=now)
    return row
