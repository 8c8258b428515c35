"""Telephone switches behind one interface (`base.Telephone`); which one is used is a setting, TELEPHONE."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from workorders.telephony.switches.base import Telephone

# {name: its class}. Read when it is used: no client library is loaded for a switch that nobody has.
TELEPHONES = {
    "link": "workorders.telephony.switches.link.LinkTelephone",
    "http": "workorders.telephony.switches.http.HttpTelephone",
    "simulated": "workorders.telephony.switches.simulated.SimulatedTelephone",
}


def telephone() -> Telephone:
    """That of the settings."""
    return _made(str(settings.TELEPHONE))


@cache
def _made(name: str) -> Telephone:
    """One a process, since connections are kept."""
    module, _dot, kind = TELEPHONES[name].rpartition(".")
    made: Callable[[], Any] = getattr(import_module(module), kind)
    return made()
