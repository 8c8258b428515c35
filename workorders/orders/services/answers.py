"""What the customer said: to the questionnaire that the order asks, or to the questions of its type."""

from collections.abc import Mapping
from dataclasses import dataclass

from workorders.order_types.rules import Flow
from workorders.orders.models import WorkOrder
from workorders.surveys.answers import Result, check
from workorders.surveys.queries import Survey, survey_of


@dataclass(frozen=True)
class CheckedAnswers:
    """stored: the answers that the order keeps, by key. survey, result: of an order that asks a questionnaire."""

    stored: Mapping[str, object]
    survey: Survey | None = None
    result: Result | None = None


def survey_of_order(order: WorkOrder) -> Survey | None:
    """The version that was in force when the order was opened."""
    return survey_of(order.type.questionnaire, opened_at=order.opened_at)


def check_answers(
    *, order: WorkOrder, flow: Flow, given: Mapping[str, object], complete: bool, disposition: str
) -> CheckedAnswers:
    """The answers worth keeping. Invalid names those that do not fit; with `complete` also those that are missing.

    The questions of a type are those of the order's stage, where that names some; disposition: that the contact ends
    with, on which a question may depend.

    Of a questionnaire only the branch that was taken is kept, in place of an earlier one; a contact that answered
    nothing leaves that as it is.
    """
    survey = survey_of_order(order)
    if survey is None:
        asked = order.at.form if order.at else ()
        kept = flow.check_answers(given, complete=complete, asked=asked, disposition=disposition)
        return CheckedAnswers(order.answers | kept)
    result = check(survey.tree, given, complete=complete)
    return CheckedAnswers(result.kept or order.answers, survey, result)
