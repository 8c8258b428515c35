"""Offers, how much of them there is, who may give them, and the decisions on them."""

from campaigns.offers.families import Family
from campaigns.offers.models.ceilings import OfferCeiling, ceilings
from campaigns.offers.models.decisions import Decision, DecisionQuerySet, DeclineReason
from campaigns.offers.models.offers import LONGEST_TERM, TERM_MONTHS, Offer, OfferQuerySet
from campaigns.offers.models.pools import OfferPool, Reservation

__all__ = [
    "LONGEST_TERM",
    "TERM_MONTHS",
    "Decision",
    "DecisionQuerySet",
    "DeclineReason",
    "Family",
    "Offer",
    "OfferCeiling",
    "OfferPool",
    "OfferQuerySet",
    "Reservation",
    "ceilings",
]
