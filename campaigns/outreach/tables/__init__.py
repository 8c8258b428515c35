"""Tables of the policy (`policy`) and of the contacts of one customer (`contacts`)."""

from campaigns.outreach.tables.contacts import AnswerTable, ConsentTable, FoundTable, MatrixTable
from campaigns.outreach.tables.policy import ChannelTable, EffectTable, PurposeTable, VersionTable

__all__ = [
    "AnswerTable",
    "ChannelTable",
    "ConsentTable",
    "EffectTable",
    "FoundTable",
    "MatrixTable",
    "PurposeTable",
    "VersionTable",
]
