"""The customers of the demo answer every shipped questionnaire to its end, and its agents fill every form."""

import random

import pytest

from retention.portal.services.demo_answers import form_answers, survey_answers
from workorders.order_types import rules
from workorders.order_types.defaults import DISPOSITIONS, ORDER_TYPES
from workorders.surveys.answers import check
from workorders.surveys.defaults import QUESTIONNAIRES
from workorders.surveys.tree import read

pytestmark = pytest.mark.usefixtures("standing_clock")


@pytest.mark.parametrize("shipped", QUESTIONNAIRES, ids=lambda one: one["code"])
def test_their_answers_fit_and_reach_every_question(shipped):
    tree, reached = read(shipped["tree"]), set()
    for seed in range(400):
        given = survey_answers(tree, random.Random(seed), language="en")
        result = check(tree, given, complete=True)
        assert result.kept == given
        reached |= given.keys()
    assert reached == {block.key for block in tree.questions}


@pytest.mark.parametrize("shipped", ORDER_TYPES, ids=lambda one: f"{one['code']}-{one['version']}")
def test_every_form_is_filled_for_every_end_of_a_contact(shipped):
    flow = rules.read(shipped["flow"], shipped["fields"])
    for seed in range(20):
        for ending in (one["code"] for one in DISPOSITIONS if flow.offers(one["code"])):
            given = form_answers(flow.fields, random.Random(seed), language="zh-hans", disposition=ending)
            assert flow.check_answers(given, complete=True, disposition=ending) == given
