"""Evaluation of visits 回访效果评估: shares and marks of the new-subscriber visit, in groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from workorders.surveys.models import Answer, Response


@dataclass(frozen=True)
class Measure:
    """A share of those who answered `question` with one of `values`; without values the mean of its marks."""

    label: Any
    question: str
    values: tuple[str, ...] = ()


VISIT = "new_subscriber_visit"
MEASURES = {
    "real_user": Measure(_("Real user"), "real_user", ("owner", "family")),
    "data_true": Measure(_("Data authentic"), "data_true", ("true", "outdated")),
    "stopped": Measure(_("Line stopped"), "in_use", ("stopped",)),
    "policy_told": Measure(_("Policy explained"), "policy_told", ("fully",)),
    "policy_understood": Measure(_("Policy understood"), "policy_understood", ("yes",)),
    "channel": Measure(_("Mark of the channel"), "channel_served"),
    "handset": Measure(_("Mark of the handset"), "handset_content"),
    "content": Measure(_("Mark overall"), "content"),
}
# {name in the address: (label, field of a response; "" for the answer to `channel`)}
GROUPS = {
    "branch": (_("Branch"), "response__order__branch__name"),
    "channel": (_("Channel"), ""),
    "agent": (_("Agent"), "response__agent_name"),
    "plan": (_("Plan"), "response__order__subscriber__plan__name"),
    "handset": (_("Terminal brand"), "response__order__subscriber__profile__terminal_brand"),
    "policy": (_("Contract policy"), "response__order__subscriber__profile__contract_policy"),
    "version": (_("Version"), "response__questionnaire__version"),
}


def evaluate(responses: QuerySet[Response], group: str) -> list[dict[str, Any]]:
    """One row a group, the largest first: its name, responses, and each measure; None where nobody was asked."""
    rows = Answer.objects.filter(response__in=responses.values("pk"))
    field = GROUPS[group][1]
    if not field:
        rows = rows.filter(response__answers__question="channel")
        field = "response__answers__value"
    rows = rows.filter(question__in={one.question for one in MEASURES.values()})
    counted: dict[str, dict[str, dict[str, int]]] = {}
    for name, question, value, count in (
        rows.values_list(field, "question", "value").annotate(count=Count("response", distinct=True)).order_by()
    ):
        counted.setdefault(str(name or _("not known")), {}).setdefault(question, {})[value] = count
    found = [
        {"group": name, "responses": max(map(_asked, answers.values()))}
        | {key: _value(one, answers.get(one.question, {})) for key, one in MEASURES.items()}
        for name, answers in counted.items()
    ]
    return sorted(found, key=lambda row: (-row["responses"], row["group"]))


def _asked(answers: Mapping[str, int]) -> int:
    return sum(answers.values())


def _value(measure: Measure, answers: Mapping[str, int]) -> float | None:
    asked = _asked(answers)
    if not asked:
        return None
    if measure.values:
        return sum(answers.get(value, 0) for value in measure.values) / asked
    return sum(int(mark) * count for mark, count in answers.items()) / asked
