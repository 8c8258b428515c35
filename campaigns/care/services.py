"""Writes the kinds of the care calendar that are missing."""

from campaigns.care.defaults import KINDS
from campaigns.scenarios.services.installation import install_scenarios


def install_care() -> int:
    """The others stay as managers left them. Returns how many are new."""
    return install_scenarios(KINDS)
