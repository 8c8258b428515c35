"""A switch as tests play it: it takes calls, or fails as it is told, and remembers what it was asked."""

import pytest

from workorders.telephony import switches
from workorders.telephony.switches.base import Answer, Dial, Outcome, Telephone


class Switch(Telephone):
    name = "test"

    def __init__(self) -> None:
        self.dialled: list[Dial] = []
        self.hung_up: list[str] = []
        self.answer = Answer(Outcome.TAKEN)
        self.hears = True

    def dial(self, call: Dial) -> Answer:
        self.dialled.append(call)
        return self.answer

    def hang_up(self, reference: str) -> bool:
        self.hung_up.append(reference)
        return self.hears


@pytest.fixture
def switch(settings, monkeypatch):
    made = Switch()
    monkeypatch.setattr(switches, "_made", lambda name: made)
    return made


@pytest.fixture
def simulated(settings):
    settings.TELEPHONE = "simulated"
