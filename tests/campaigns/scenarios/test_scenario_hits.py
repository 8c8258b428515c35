import pytest

from campaigns.outreach.models import RefusalReason
from campaigns.scenarios.models import ScenarioHit
from campaigns.scenarios.services.hits import settle_hits
from tests.campaigns.rows import make_hit, make_scenario

pytestmark = pytest.mark.django_db
State = ScenarioHit.State


def test_hits_get_what_came_of_them():
    scenario = make_scenario()
    one, two, three, four, left = (make_hit(scenario=scenario) for _ in range(5))
    settled = settle_hits(
        opened={one.pk: "W1", two.pk: "W1"}, refused={three.pk: RefusalReason.DO_NOT_DISTURB}, held=[four.pk]
    )
    rows = dict(ScenarioHit.objects.values_list("pk", "state"))
    assert settled == 4
    assert rows == {
        one.pk: State.OPENED,
        two.pk: State.OPENED,
        three.pk: State.REFUSED,
        four.pk: State.HELD,
        left.pk: State.PENDING,
    }
    assert ScenarioHit.objects.get(pk=two.pk).order_no == "W1"
    assert ScenarioHit.objects.get(pk=three.pk).reason == RefusalReason.DO_NOT_DISTURB


def test_a_settled_hit_is_not_settled_again():
    hit = make_hit(scenario=make_scenario())
    settle_hits(opened={hit.pk: "W1"})
    assert settle_hits(refused={hit.pk: RefusalReason.BLACKLISTED}) == 0
    hit.refresh_from_db()
    assert (hit.state, hit.order_no) == (State.OPENED, "W1")


def test_a_reason_that_does_not_exist_is_refused():
    hit = make_hit(scenario=make_scenario())
    with pytest.raises(ValueError, match="mood"):
        settle_hits(refused={hit.pk: "mood"})
