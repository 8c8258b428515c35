"""The answers of a contact, as rows. Called inside the transaction that saves or takes back the contact."""

from datetime import datetime

from retention.core.accounts.models import User
from workorders.order_types.models import Disposition
from workorders.surveys.answers import Result
from workorders.surveys.models import Answer, Questionnaire, Response, ResponseQuerySet


def record_response(
    *,
    order_id: int,
    questionnaire: Questionnaire,
    result: Result,
    disposition: Disposition,
    agent: User,
    now: datetime,
) -> Response | None:
    """Keep what was answered; it stands in place of what an earlier contact of the order has answered.

    None, and nothing changes, when nothing was answered. The caller holds the lock of the order.
    """
    if not result.answers:
        return None
    _standing(order_id).update(replaced_at=now)
    response = Response.objects.create(
        order_id=order_id,
        questionnaire=questionnaire,
        disposition=disposition,
        at=now,
        agent=agent,
        agent_name=agent.username,
        score=result.score,
        possible=result.possible,
    )
    Answer.objects.bulk_create(
        Answer(response=response, place=place, question=one.question, value=one.value, score=one.score)
        for place, one in enumerate(result.answers)
    )
    return response


def take_back_response(*, order_id: int, saved_at: datetime, now: datetime) -> None:
    """A contact is corrected: what it answered stays as history, and what it had replaced stands again."""
    if not _standing(order_id).filter(at=saved_at).update(replaced_at=now):
        return
    before = Response.objects.filter(order=order_id, at__lt=saved_at, replaced_at=saved_at).order_by("-at").first()
    if before is not None:
        before.replaced_at = None
        before.save(update_fields=["replaced_at"])


def _standing(order_id: int) -> ResponseQuerySet:
    return Response.objects.standing().filter(order=order_id)
