"""A running campaign that drives people away is paused in the night, and those who decide for it are told why."""

import pytest

from analytics.evaluation.services.stopping import pause_harmful
from campaigns.campaigns.states import State
from retention.core.notices.models import Notice
from tests.analytics.evaluation.members import CONTROL, TREATED
from tests.campaigns.campaigns.rows import make_campaign
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("treated_left", "control_left", "state"), [(60, 10, State.PAUSED), (12, 10, State.RUNNING), (0, 40, State.RUNNING)]
)
def test_only_one_that_is_shown_to_do_harm_is_paused(crowd, branches, treated_left, control_left, state):
    make_user(role="administrator", branch=branches.province)
    campaign = make_campaign(state=State.RUNNING, control_percent=50)
    crowd(campaign, TREATED, 300, left=treated_left, days_ago=40)
    crowd(campaign, CONTROL, 300, left=control_left, days_ago=40)
    assert pause_harmful(as_of=TODAY, now=NOW) == (state == State.PAUSED)
    campaign.refresh_from_db()
    assert campaign.state == state
    assert ("20" in campaign.paused_because) == (state == State.PAUSED)
    assert Notice.objects.exists() == (state == State.PAUSED)
    assert pause_harmful(as_of=TODAY, now=NOW) == 0
