"""Tables of the policy (`policy`)."""

from campaigns.outreach.tables.policy import ChannelTable, EffectTable, PurposeTable, VersionTable

__all__ = [
    "ChannelTable",
    "EffectTable",
    "PurposeTable",
    "VersionTable",
]
