"""The lines of a campaign's audience, as a condition over the profile, and a digest of what defines it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from campaigns.audiences.rules import as_q, fields_of, parse, profiles_of
from campaigns.audiences.rules.memberships import MEMBERSHIPS, ON_LIST
from campaigns.campaigns.models import Audience, Campaign
from campaigns.campaigns.models.campaigns import wrong
from campaigns.offers.models import Offer
from campaigns.segments.models import Segmentation, fits
from campaigns.segments.rules import NEED
from customers.cohorts.models import Cohort, CohortMember
from customers.fields.choices import WARNING_TIERS
from customers.profile.models import ProfileQuerySet, SubscriberProfile
from retention.core.accounts.models import Branch


def audience_lines(campaign: Campaign) -> ProfileQuerySet:
    """The lines that the source and the rule hold for, in whatever branch. Raises Invalid for a source that is not
    there, and for no source at all."""
    tree = parse(campaign.rule) if campaign.rule else None
    table = profiles_of(tree) if tree else SubscriberProfile
    conditions = [as_q(tree)] if tree else []
    if campaign.audience == Audience.RULE:
        if tree is None:
            raise wrong("rule", "required", _("Say whom the campaign is for."))
    else:
        conditions.append(_SOURCES[campaign.audience](campaign.audience_key))
    return table.objects.filter(*conditions)


def in_scope(campaign: Campaign, lines: ProfileQuerySet) -> ProfileQuerySet:
    """Those of the campaign's branch and below."""
    if campaign.branch is None:
        return lines
    return lines.filter(branch__in=Branch.objects.under(campaign.branch).values("pk"))


def by_risk(campaign: Campaign) -> bool:
    """Whether people are chosen by a risk score: who opted out of profiling is left out then."""
    if campaign.audience == Audience.PAYING:
        return True
    return bool(campaign.rule) and any(field.is_risk for field in fields_of(parse(campaign.rule)))


def digest_of(campaign: Campaign) -> str:
    """Changes whenever the audience, its control group, or what is offered to it is defined otherwise."""
    source: Any = None
    if campaign.audience == Audience.SEGMENT:
        source = sorted(Segmentation.objects.filter(enabled=True).values_list("code", "version"))
    elif campaign.audience == Audience.COHORT:
        source = list(Cohort.objects.filter(code=campaign.audience_key).values_list("members", "version"))
    offers = list(Offer.objects.filter(code__in=campaign.offer_codes).order_by("code").values_list("code", "version"))
    said = [
        campaign.audience, campaign.audience_key, campaign.rule, campaign.branch_id, campaign.control_percent,
        campaign.salt, source, offers,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _segment(place: str) -> Q:
    for matrix in (one.matrix for one in Segmentation.objects.in_use()):
        if found := matrix.split(place):
            return fits("segment_need" if found[0] == NEED else "segment", place)
    raise wrong("audience_key", "unknown", _("There is no segment %(code)s.") % {"code": place})


def _list(code: str) -> Q:
    membership = MEMBERSHIPS[ON_LIST]
    if code not in membership.names():
        raise wrong("audience_key", "unknown", _("There is no list %(code)s.") % {"code": code})
    return Q(membership.exists([code]))


def _cohort(code: str) -> Q:
    cohort = Cohort.objects.filter(code=code).exclude(frozen_on=None).first()
    if cohort is None:
        raise wrong("audience_key", "unknown", _("There is no frozen cohort %(code)s.") % {"code": code})
    members = CohortMember.objects.filter(cohort=cohort, subscriber=OuterRef("pk"), customer=OuterRef("customer"))
    return Q(Exists(members))


def _paying(_key: str) -> Q:
    return Q(risk_tier__in=list(WARNING_TIERS), expected_gain__gt=0)


_SOURCES: dict[str, Callable[[str], Q]] = {
    Audience.SEGMENT: _segment,
    Audience.LIST: _list,
    Audience.COHORT: _cohort,
    Audience.PAYING: _paying,
}
