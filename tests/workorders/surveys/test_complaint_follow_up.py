"""The follow-up of a complaint: what its questionnaire asks, how it is scored, and what the answers lead to."""

import pytest

from retention.core.errors import Invalid
from retention.core.notices.models import Notice
from tests.factories import NOW, make_user
from tests.workorders.orders.flows import opened
from tests.workorders.rows import MINUTE, make_floor
from workorders.order_types.defaults import ORDER_TYPES
from workorders.order_types.models import OrderType
from workorders.order_types.services import install_order_types
from workorders.orders.models import Note, WorkOrder
from workorders.orders.services.claiming import claim_next
from workorders.orders.services.outcomes import record_outcome
from workorders.surveys.defaults import QUESTIONNAIRES
from workorders.surveys.models import Response
from workorders.surveys.services.installation import install_questionnaires

pytestmark = pytest.mark.django_db
CODE = "complaint_follow_up"
CONTENT = {"solved": "yes", "how_fast": "5", "how_polite": "4", "stays": "no"}
UNHAPPY = {
    "solved": "no", "still_wrong": "Billed again", "about": "fee", "urgent": "today", "promised": "2026-12-01",
    "how_fast": "1", "how_polite": "2", "polite_wrong": "Hung up", "stays": "yes",
}  # fmt: skip


@pytest.fixture
def desk():
    """A supervisor, and an agent with a follow-up on the desk."""
    team, (agent,) = make_floor()
    boss = make_user(role="supervisor", branch=team.branch, teams=(team,))
    install_order_types()
    install_questionnaires(now=NOW - MINUTE)
    opened(OrderType.objects.current().get(code=CODE), team)
    return boss, agent, claim_next(agent=agent, now=NOW)


def save(desk, **answers):
    _boss, agent, order = desk
    record_outcome(
        order_no=order.order_no, agent=agent, disposition="informed", version=order.version, now=NOW, answers=answers
    )
    return Response.objects.get()


def asked(response):
    return list(response.answers.order_by("place").values_list("question", flat=True))


def followers():
    return sorted(WorkOrder.objects.filter(origin_kind="follow-up").values_list("type__code", flat=True))


def test_the_type_asks_the_questionnaire_that_ships():
    newest = {one["code"]: one for one in ORDER_TYPES}[CODE]
    tree = {one["code"]: one for one in QUESTIONNAIRES}[newest["questionnaire"]]["tree"]["blocks"]
    questions = {row["key"]: [choice["value"] for choice in row.get("choices", ())] for row in tree}
    for field in newest["fields"]:
        assert questions[field["key"]] == [choice["value"] for choice in field.get("choices", ())]
    assert all(row["text"] and row["text_zh"] for row in tree)


def test_who_is_content_is_asked_little_and_scores_high(desk):
    response = save(desk, **CONTENT)
    assert asked(response) == ["solved", "how_fast", "how_polite", "stays"]
    assert (response.score, response.possible) == (5 + 5 + 4 + 3, 5 + 5 + 5 + 3)
    assert followers() == [] and not Notice.objects.exists()


def test_what_is_not_solved_is_asked_for_in_full(desk):
    with pytest.raises(Invalid) as error:
        save(desk, **{key: value for key, value in UNHAPPY.items() if key != "still_wrong"})
    assert [one["field"] for one in error.value.details] == ["answer_still_wrong"]
    response = save(desk, **UNHAPPY)
    assert asked(response) == list(UNHAPPY)
    assert (response.score, response.possible) == (1 + 2, 18)


@pytest.mark.parametrize("solved", ["no", "back"])
def test_an_open_complaint_is_opened_again_and_its_supervisor_is_told(desk, solved):
    save(desk, **UNHAPPY | {"solved": solved, "stays": "no"})
    assert followers() == ["fault_escalation"]
    assert Notice.objects.get().person == desk[0]


def test_a_complaint_that_is_solved_in_part_stays_with_the_agents_note(desk):
    save(desk, **UNHAPPY | {"solved": "partly", "stays": "perhaps"})
    assert followers() == [] and not Notice.objects.exists()


def test_who_thinks_of_leaving_is_called_by_retention_where_the_gate_allows_it(desk):
    save(desk, **CONTENT | {"stays": "yes"})
    order = WorkOrder.objects.get(origin_kind="follow-up")
    assert (order.type.code, order.origin_key) == ("churn_retention", desk[2].order_no)
    assert order.order_no in Note.objects.get(order=desk[2]).text
