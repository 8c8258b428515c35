"""Causes of leaving: ways of leaving, and the effect of a call or an offer."""

from typing import NamedTuple

import numpy as np


class Cause(NamedTuple):
    """Parameters of one cause.

    sudden: share of leavers without any sign; the others lean first.
    leaves, recovers: chance per month for a leaner.
    port_out, terminates: shares of the ways a mobile line leaves (the rest goes silent).
    contact, offer: factor on the churn probability after a call, and after a call with an offer.
    forwards: share of leaners who forward calls to a rival.
    outgoing: how much faster outgoing than incoming use falls (1 = alike).
    """

    name: str
    sudden: float
    leaves: float
    recovers: float
    port_out: float
    terminates: float
    contact: float
    offer: float
    forwards: float
    outgoing: float


CAUSES = (
    Cause("none", 0.0, 0.0, 0.0, 0.40, 0.45, 1.00, 0.90, 0.00, 1.0),
    Cause("quality", 0.45, 0.24, 0.28, 0.15, 0.45, 0.97, 0.88, 0.08, 1.0),
    Cause("price", 0.38, 0.20, 0.30, 0.60, 0.25, 0.98, 0.52, 0.40, 1.1),
    Cause("contract_end", 0.40, 0.21, 0.29, 0.50, 0.35, 0.93, 0.45, 0.30, 1.0),
    Cause("network", 0.34, 0.18, 0.32, 0.55, 0.30, 0.68, 0.74, 0.25, 1.0),
    Cause("service", 0.40, 0.20, 0.33, 0.50, 0.40, 0.60, 0.62, 0.20, 1.0),
    Cause("mover", 0.50, 0.36, 0.08, 0.00, 0.75, 1.00, 1.00, 0.05, 1.0),
    Cause("group", 0.10, 0.42, 0.12, 0.75, 0.25, 0.92, 0.70, 0.70, 1.2),
    Cause("second_sim", 0.30, 0.22, 0.24, 0.10, 0.30, 1.00, 0.80, 0.15, 1.9),
)
NONE, QUALITY, PRICE, CONTRACT_END, NETWORK, SERVICE, MOVER, GROUP, SECOND_SIM = range(len(CAUSES))

EXITS = ("", "port_out", "voluntary", "silent", "arrears", "false_user", "other")
STAYS, PORT_OUT, VOLUNTARY, SILENT, ARREARS, FALSE_USER, OTHER = range(len(EXITS))

SLEEPING_DOG_WAKES = 0.022  # chance that a contact makes a touchy customer with no bond leave
SLEEPING_DOG_OFFER = 0.014


def cause_column(name: str) -> np.ndarray:
    """One number of every cause, by cause index."""
    return np.array([getattr(cause, name) for cause in CAUSES], dtype=np.float32)


SUDDEN, LEAVES, RECOVERS = cause_column("sudden"), cause_column("leaves"), cause_column("recovers")
PORTS, TERMINATES = cause_column("port_out"), cause_column("terminates")
CONTACT, OFFER = cause_column("contact"), cause_column("offer")
FORWARDS, OUTGOING = cause_column("forwards"), cause_column("outgoing")
