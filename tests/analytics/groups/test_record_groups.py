from datetime import timedelta

import pytest

from analytics.groups.models import GroupNight, GroupPart, GroupRisk
from analytics.groups.services import GroupsReport, record_groups
from tests.factories import TODAY, make_profile, make_subscriber

TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("given", "level", "signs"),
    [
        ({"members": 10, "left": 2}, "watch", ["left"]),
        ({"members": 10, "left": 3}, "alarm", ["left"]),
        ({"members": 10, "forwarding": 2}, "watch", ["forwarding"]),
        ({"members": 10, "left": 2, "forwarding": 3}, "alarm", ["left", "forwarding"]),
        ({"members": 10, "forwarding": 2, "bill_last": 70}, "alarm", ["forwarding", "spend"]),
        ({"members": 10, "bill_last": 70, "risk_probability": 0.3}, "watch", ["spend", "risk"]),
        ({"members": 4, "kind": "family", "left": 2}, "alarm", ["left"]),
    ],
)
def test_a_group_is_watched_for_plain_signs(make_group, given, level, signs):
    for _ in range(20):
        make_profile(risk_probability=0.02)
    make_group(**given)
    assert record_groups(as_of=TODAY) == GroupsReport(rows=1, alarms=int(level == "alarm"))
    risk = GroupRisk.objects.get()
    assert (risk.level, risk.signs) == (level, signs)


@pytest.mark.parametrize(
    "given",
    [
        {"members": 10},
        {"members": 10, "left": 1},
        {"members": 30, "left": 2},
        {"members": 10, "bill_last": 70},
        {"members": 4, "left": 2},
        {"members": 2, "left": 1, "kind": "family"},
    ],
)
def test_small_groups_single_leavers_and_a_fall_of_spend_alone_are_no_alarm(make_group, given):
    make_group(**given)
    assert record_groups(as_of=TODAY).rows == 0


def test_figures_add_up_over_branches(make_group, branches):
    group = make_group(6, left=2, forwarding=1, risk_probability=0.1)
    there = make_subscriber(branch=branches.other, group=group)
    make_profile(subscriber=there, arpu=50, risk_probability=0.4, bill_last=50, bill_base=100)
    record_groups(as_of=TODAY)
    risk = GroupRisk.objects.get()
    assert (risk.members, risk.left_90d, risk.forwarding) == (5, 2, 1)
    assert risk.expected_leavers == pytest.approx(0.8)
    assert risk.spend_change == pytest.approx(450 / 500 - 1)
    here, other = GroupPart.objects.order_by("branch__code")
    assert (here.members, here.left_90d, here.revenue_at_risk) == (4, 2, 40)
    assert (other.members, other.revenue_at_risk) == (1, 20)


def test_a_second_run_changes_nothing_and_since_stays_while_the_level_does(make_group):
    make_group(10, left=2)
    for as_of in (TODAY, TODAY, TOMORROW):
        record_groups(as_of=as_of)
    risk = GroupRisk.objects.get()
    assert (risk.as_of, risk.since) == (TOMORROW, TODAY)
    assert [night.as_of for night in GroupNight.objects.all()] == [TODAY]
    assert GroupPart.objects.count() == 1


def test_history_keeps_the_nights_on_which_the_level_changed_and_month_ends(make_group):
    group = make_group(10, left=2)
    month_end = TODAY.replace(day=30)
    record_groups(as_of=TODAY)
    record_groups(as_of=month_end)
    group.members.filter(status="terminated").update(terminated_on=TODAY - timedelta(days=200))
    record_groups(as_of=month_end + timedelta(days=1))
    record_groups(as_of=month_end + timedelta(days=2))
    nights = [(night.as_of, night.level) for night in GroupNight.objects.order_by("as_of")]
    assert nights == [(TODAY, "watch"), (month_end, "watch"), (month_end + timedelta(days=1), "calm")]
    assert not GroupRisk.objects.exists()


def test_an_earlier_night_does_not_replace_what_stands(make_group):
    make_group(10, left=2)
    record_groups(as_of=TODAY)
    assert record_groups(as_of=TODAY - timedelta(days=1)) == GroupsReport()
    assert GroupRisk.objects.get().as_of == TODAY


def test_a_base_without_groups_or_scores_gives_nothing(db):
    make_profile()
    assert record_groups(as_of=TODAY) == GroupsReport()
