"""Any move of a campaign by its name, for the page and whoever else makes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.campaigns.models import Campaign
from campaigns.campaigns.services import approval, execution, freezing, life
from campaigns.campaigns.states import Move
from retention.core.accounts.models import User


@dataclass(frozen=True)
class Asked:
    """version: that the person was shown. given: `reason` of pausing and stopping, `number` of submitting, `lessons` of
    archiving."""

    actor: User
    code: str
    version: int
    given: Mapping[str, Any]
    now: datetime

    @property
    def who(self) -> dict[str, Any]:
        return {"actor": self.actor, "code": self.code}

    @property
    def seen(self) -> dict[str, Any]:
        return self.who | {"version": self.version}


_MAKERS: dict[Move, Callable[[Asked], Campaign]] = {
    Move.TEST: lambda asked: approval.try_campaign(**asked.seen, now=asked.now),
    Move.SUBMIT: lambda asked: approval.submit(**asked.seen, number=asked.given.get("number"), now=asked.now),
    Move.APPROVE: lambda asked: approval.approve(**asked.seen),
    Move.SEND_BACK: lambda asked: approval.send_back(**asked.seen),
    Move.FREEZE: lambda asked: freezing.freeze_audience(**asked.seen, now=asked.now),
    Move.THAW: lambda asked: freezing.thaw_audience(**asked.seen),
    Move.LAUNCH: lambda asked: execution.launch(**asked.seen, now=asked.now),
    Move.PAUSE: lambda asked: execution.pause(**asked.who, reason=asked.given["reason"], now=asked.now),
    Move.RESUME: lambda asked: execution.resume(**asked.who),
    Move.STOP: lambda asked: execution.stop(**asked.who, reason=asked.given["reason"], now=asked.now),
    Move.FINISH: lambda asked: execution.finish(**asked.who, now=asked.now),
    Move.EVALUATE: lambda asked: execution.evaluate(**asked.who),
    Move.ARCHIVE: lambda asked: life.archive(**asked.who, lessons=asked.given["lessons"]),
}


def make_move(move: Move, asked: Asked) -> Campaign:
    """Raises as the service of the move."""
    return _MAKERS[move](asked)
