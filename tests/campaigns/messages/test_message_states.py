"""The table of states says everything, and nothing that would send twice."""

import pytest
from django.db import IntegrityError, transaction

from campaigns.messages.states import FOLLOWING, MADE_STATES, State, may_follow, sources_of
from tests.campaigns.messages.rows import queued


def test_every_state_has_its_followers():
    assert set(FOLLOWING) == set(State)


def test_only_what_waits_is_sent_and_what_ended_stays():
    assert sources_of(State.SENDING) == [State.QUEUED]
    ends = {State.DELIVERED, State.FAILED, State.EXPIRED, State.REFUSED, State.CANCELLED}
    assert {state for state, following in FOLLOWING.items() if not following} == ends


def test_what_the_provider_has_taken_never_waits_again():
    assert not may_follow(State.SENT, State.QUEUED)
    assert all(State.QUEUED not in FOLLOWING[state] for state in MADE_STATES if state != State.UNKNOWN)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"state": "cancelled"}, {"due_at": None}])
def test_the_database_holds_the_law_too(wrong):
    message = queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(message).objects.filter(pk=message.pk).update(**wrong)
