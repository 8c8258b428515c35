"""The demo's agents have targets, so that "my work" shows a day against them."""

import pytest

from retention.portal.services.demo import DAILY_TARGETS, set_targets
from tests.factories import make_team, make_user
from workorders.allocation.models import TeamTargets

pytestmark = pytest.mark.django_db


def test_every_group_has_the_targets_once_however_often_they_are_set():
    teams = [make_team(), make_team()]
    make_user(username="supervisor", role="supervisor", branch=teams[0].branch, teams=teams)
    for _twice in range(2):
        set_targets()
    assert set(TeamTargets.objects.values_list("team", "contacts_target", "kept_target")) == {
        (team.pk, *DAILY_TARGETS.values()) for team in teams
    }
