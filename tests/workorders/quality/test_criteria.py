"""The total of a score sheet, and how agreement between reviewers is measured."""

import pytest

from retention.core.errors import Invalid
from tests.workorders.quality.rows import CRITERIA
from workorders.quality.agreement import agreement
from workorders.quality.criteria import Criterion, Kind, Result, evaluate, read, require_weights
from workorders.quality.defaults import SHEETS
from workorders.quality.models import SampleRule
from workorders.quality.services.installation import install_quality

SHEET = read(CRITERIA)


@pytest.mark.parametrize(
    ("scores", "total", "is_fatal"),
    [
        ({"opening": 4, "need": 1, "consent": 1}, 1.0, False),
        ({"opening": 2, "need": 1, "consent": 1}, (0.5 + 3) / 4, False),
        ({"opening": 2, "need": None, "consent": 1}, 0.5, False),
        ({"opening": 4, "need": 1, "consent": 0}, 0.0, True),
        ({"opening": 0, "need": 0, "consent": None}, 0.0, False),
    ],
)
def test_the_total_is_weighted_and_something_fatal_makes_it_nothing(scores, total, is_fatal):
    assert evaluate(SHEET, scores) == Result(pytest.approx(total), is_fatal)


def test_scores_missing_or_out_of_reach_are_named():
    with pytest.raises(Invalid) as caught:
        evaluate(SHEET, {"opening": 5, "consent": 1})
    assert [(one["field"], one["code"]) for one in caught.value.details] == [
        ("opening", "out_of_range"), ("need", "required")
    ]  # fmt: skip
    with pytest.raises(Invalid) as caught:
        evaluate(SHEET, {"opening": None, "need": None, "consent": 1})
    assert caught.value.code == "nothing_scored"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": "stars"}, "kind"), ({"key": "Nein!"}, "key"), ({"label": " "}, "label"), ({"weight": 0}, "weight"),
     ({"most": 101}, "most"), ({"key": "need"}, "key")],
)  # fmt: skip
def test_a_bad_row_is_named(change, field):
    rows = [CRITERIA[1], {**CRITERIA[0], **change}]
    with pytest.raises(Invalid) as caught:
        read(rows)
    assert [(one["row"], one["field"]) for one in caught.value.details] == [(2, field)]


def test_a_sheet_of_fatal_criteria_alone_gives_no_mark():
    with pytest.raises(Invalid):
        require_weights(read([CRITERIA[2]]))


POINTS = Criterion("p", Kind.POINTS, "P", most=4)
FLAG = Criterion("f", Kind.YES_NO, "F")


def test_cohen_weighted_for_points_and_plain_for_yes_or_no():
    a, b = {1: 0, 2: 1, 3: 3, 4: 4}, {1: 0, 2: 2, 3: 3, 4: 4}
    found = agreement(POINTS, {"ann": a, "ben": b})
    # by hand: 1 - sum(w * observed) / sum(w * expected), w the squared distance
    observed, expected = 1 / 4, sum((x - y) ** 2 for x in a.values() for y in b.values()) / 16
    assert found.kappa == pytest.approx(1 - observed / expected)
    assert (found.calls, found.same) == (4, 0.75)
    assert found.apart == {"ann": pytest.approx(-0.0625), "ben": pytest.approx(0.0625)}
    assert found.deviating == []
    flags = agreement(FLAG, {"ann": {1: 0, 2: 1, 3: 1, 4: 0}, "ben": {1: 0, 2: 1, 3: 0, 4: 0}})
    assert flags.kappa == pytest.approx((0.75 - 0.5) / (1 - 0.5))
    assert flags.deviating == ["ben", "ann"]


def test_fleiss_for_three_and_who_scores_apart():
    scores = {
        "ann": {1: 1, 2: 0, 3: 1, 4: 0, 5: 1},
        "ben": {1: 1, 2: 0, 3: 1, 4: 0, 5: 1},
        "cid": {1: 1, 2: 1, 3: 1, 4: 1, 5: 1},
    }
    found = agreement(FLAG, scores)
    # by hand: pairs agree wholly in three calls, by a third in two; 11 of 15 scores are 1
    agreed, chance = (3 + 2 / 3) / 5, (11 / 15) ** 2 + (4 / 15) ** 2
    assert found.kappa == pytest.approx((agreed - chance) / (1 - chance))
    assert found.deviating[0] == "cid"
    assert found.apart["cid"] == pytest.approx(0.4)


def test_no_kappa_where_only_one_score_was_given_and_blanks_are_left_out():
    found = agreement(FLAG, {"ann": {1: 1, 2: 1, 3: None}, "ben": {1: 1, 2: 1, 3: 1}})
    assert (found.calls, found.same, found.kappa) == (2, 1.0, None)
    assert agreement(FLAG, {"ann": {1: 1}}).kappa is None
    assert agreement(FLAG, {}).calls == 0


def test_what_ships_can_be_published():
    for row in SHEETS:
        require_weights(read(row["criteria"]))
        assert sum(one.weight for one in read(row["criteria"])) == 100


@pytest.mark.django_db
def test_it_is_installed_once_and_what_people_changed_stays():
    assert install_quality() == 2
    SampleRule.objects.update(per_agent=5)
    assert install_quality() == 0
    assert (SampleRule.objects.get().per_agent, SampleRule.objects.get().enabled) == (5, True)
