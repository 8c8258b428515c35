"""A reviewer judges a call, its agent says something to it once, a supervisor answers."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from retention.core.notices.models import Urgency
from retention.core.notices.services.notifying import notify
from retention.core.notices.text import Message
from workorders.declarations import REVIEW_ANSWERED, REVIEW_FINISHED, REVIEW_OBJECTED
from workorders.quality.criteria import evaluate
from workorders.quality.models import Mark, Review

ACTION = "review.change"
MAX_TEXT = 2000


@transaction.atomic
def finish_review(
    *,
    pk: int,
    reviewer: User,
    scores: Mapping[str, int | None],
    comments: Mapping[str, str],
    comment: str,
    now: datetime,
) -> Review:
    """Save the marks of a review; it is finished and its agent is told. Of a calibration nobody is told.

    NotFound for one that the person may not review; Refused for own work; Invalid names each criterion without a
    score; Conflict when somebody has finished it meanwhile.
    """
    review = _lock(pk)
    if not may_review(review, reviewer):
        if review.agent_id == reviewer.pk:
            raise Refused(_("Nobody reviews the own work."), code="own_work")
        raise _unknown()
    if review.state != Review.State.WAITING:
        raise Conflict(_("This call was reviewed meanwhile; your marks are not saved."), code="reviewed_meanwhile")
    criteria = review.as_criteria()
    result = evaluate(criteria, scores)
    _checked(comment, "comment")
    Mark.objects.bulk_create(
        Mark(
            review=review,
            criterion=one.key,
            score=scores[one.key],
            share=None if (score := scores[one.key]) is None else one.share(score),
            comment=comments.get(one.key, "").strip()[:400],
        )
        for one in criteria
    )
    review.state, review.reviewer, review.reviewed_at = Review.State.FINISHED, reviewer, now
    review.total, review.is_fatal, review.comment = result.total, result.is_fatal, comment.strip()
    review.save()
    audit.record(actor=reviewer, action=ACTION, target=review.order, total=round(result.total, 4))
    if review.calibration_id is None:
        _tell(REVIEW_FINISHED, review, [review.agent], now, own=True)
    return review


@transaction.atomic
def reply(*, pk: int, agent: User, objects: bool, text: str, now: datetime) -> Review:
    """The agent acknowledges a review of the own call, or objects to it with a reason; once."""
    review = _lock(pk)
    if not Review.objects.of_agent(agent).filter(pk=pk).exists():
        raise _unknown()
    if review.reply:
        raise Conflict(_("You have replied to this review already."), code="replied")
    if objects and not text.strip():
        raise _invalid("text", "required", _("Say why you object."))
    _checked(text, "text")
    review.reply = Review.Reply.OBJECTED if objects else Review.Reply.ACKNOWLEDGED
    review.reply_text, review.replied_at = text.strip(), now
    review.save(update_fields=["reply", "reply_text", "replied_at"])
    audit.record(actor=agent, action=ACTION, target=review.order, reply=review.reply)
    if objects and review.reviewer:
        _tell(REVIEW_OBJECTED, review, [review.reviewer], now, name=agent.display_name)
    return review


@transaction.atomic
def answer(*, pk: int, actor: User, sets_aside: bool, text: str, now: datetime) -> Review:
    """A supervisor answers an objection: the marks stay, or the review is set aside and counts no more."""
    if not actor.may("quality.review"):
        raise Refused(_("Your role does not include this."))
    review = _lock(pk)
    if review.agent_id == actor.pk:
        raise Refused(_("Nobody answers the own objection."), code="own_work")
    if not Review.objects.visible_to(actor).filter(pk=pk).exists():
        raise _unknown()
    if not review.awaits_answer:
        raise Conflict(_("There is no objection that waits for an answer."), code="no_objection")
    if not text.strip():
        raise _invalid("text", "required", _("Write what you answer."))
    _checked(text, "text")
    review.answer, review.answered_by, review.answered_at = text.strip(), actor, now
    if sets_aside:
        review.state = Review.State.WITHDRAWN
    review.save(update_fields=["answer", "answered_by", "answered_at", "state"])
    audit.record(actor=actor, action=ACTION, target=review.order, set_aside=sets_aside)
    _tell(REVIEW_ANSWERED, review, [review.agent], now, own=True, stays=not sets_aside)
    return review


def may_review(review: Review, person: User) -> bool:
    """Whether the person may judge this call: in the own branches, never the own work; of a calibration their part."""
    if not person.may("quality.review") or review.agent_id == person.pk:
        return False
    if review.calibration is not None:
        return review.reviewer_id == person.pk and review.calibration.closed_at is None
    return Review.objects.visible_to(person).filter(pk=review.pk).exists()


def _lock(pk: int) -> Review:
    rows = Review.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("order", "agent", "reviewer", "calibration").filter(pk=pk).first()
    if row is None:
        raise _unknown()
    return row


def _tell(
    message: str, review: Review, people: list[User], now: datetime, *, own: bool = False, **more: object
) -> None:
    where = reverse("quality:own" if own else "quality:review", args=[review.pk])
    what = Message(message, {"order": review.order.order_no, **more})
    notify(people=people, what=what, where=where, urgency=Urgency.NORMAL, now=now)


def _checked(text: str, field: str) -> None:
    if len(text.strip()) > MAX_TEXT:
        raise _invalid(field, "too_long", _("At most %(most)d characters.") % {"most": MAX_TEXT})


def _unknown() -> NotFound:
    return NotFound(_("There is no such review."))


def _invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, details=[{"field": field, "code": code, "message": message}])
