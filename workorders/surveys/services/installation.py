"""The questionnaires that ship."""

from datetime import datetime

from django.db import transaction

from workorders.surveys.defaults import QUESTIONNAIRES
from workorders.surveys.models import Questionnaire, State


@transaction.atomic
def install_questionnaires(*, now: datetime) -> int:
    """Publish what ships and is not there yet; what people have made of it stays as it is. How many are new."""
    known = set(Questionnaire.objects.values_list("code", flat=True))
    new = [one for one in QUESTIONNAIRES if one["code"] not in known]
    made = Questionnaire.objects.bulk_create(
        [Questionnaire(**one, state=State.PUBLISHED, edited_at=now, published_at=now) for one in new],
        ignore_conflicts=True,
    )
    return len(made)
