"""The rules of a questionnaire are the same in the browser as on the server."""

import json
from pathlib import Path

import pytest
from django.conf import settings as configured
from hypothesis import HealthCheck, given, settings

from tests.workorders.surveys.trees import givens, trees
from workorders.surveys.tree import read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVALUATOR = Path(configured.BASE_DIR) / "static/js/survey-tree.js"
SAME = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def test_browser_and_server_find_the_same_path(browse):
    page = browse()
    page.add_script_tag(type="module", content=EVALUATOR.read_text() + "\nwindow.path = path;")
    page.wait_for_function("() => Boolean(window.path)")
    lengths = set()

    @SAME
    @given(stored=trees(), answers=givens())
    def same(stored, answers):
        here = [{"key": step.block.key, "required": step.required} for step in read(stored).path(answers)]
        there = page.evaluate("([tree, given]) => path(tree.blocks, given)", [stored, answers])
        assert here == there, json.dumps([stored, answers])
        lengths.add(len(here))

    same()
    assert len(lengths) > 4, "the trees were all alike"
