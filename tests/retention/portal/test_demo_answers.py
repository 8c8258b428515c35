"""The customers of the demo answer every shipped questionnaire to its end."""

import random

import pytest

from retention.portal.services.demo_answers import survey_answers
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
