"""Making, changing and switching offers. Every change is a new version and a line in the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.audiences.permissions import may_decide
from campaigns.audiences.rules.parser import as_json
from campaigns.offers.eligibility import parse_offer_rule
from campaigns.offers.models import Offer
from retention.core.accounts.models import Branch, User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound, Refused

EDITABLE = (
    "name", "name_zh", "kind", "policy", "plan", "gift", "gift_zh", "value", "cost", "pitch", "pitch_zh", "rule",
    "valid_from", "valid_until", "branch",
)  # fmt: skip
TERMS = {Offer.Kind.RENEWAL: ("policy",), Offer.Kind.PLAN_CHANGE: ("plan",), Offer.Kind.GIFT: ("gift", "gift_zh")}


def may_edit_offers(*, actor: User, branch: Branch | None) -> bool:
    """Whether `actor` may make and change what touches `branch` (None: the whole base)."""
    return may_decide(actor=actor, permission="offers.edit", branch=branch)


@transaction.atomic
def create_offer(*, actor: User, code: str, values: Mapping[str, Any]) -> Offer:
    """A new offer, switched off. `values`: keys of EDITABLE. Raises Invalid, Refused, Conflict (code taken)."""
    offer = Offer(code=code)
    _apply(offer, values, actor)
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("There is an offer %(code)s already.") % {"code": code}, code="code_taken") from error
    audit.record(actor=actor, action="offer.change", target=offer, made=_plain(offer))
    return offer


@transaction.atomic
def update_offer(*, actor: User, code: str, version: int, values: Mapping[str, Any]) -> Offer:
    """Change an offer as it stood at `version`. Raises Conflict when somebody else changed it meanwhile."""
    offer = _locked(code, actor)
    if offer.version != version:
        raise Conflict(_("Somebody else changed this offer meanwhile. Load it again."), code="stale_version")
    before = _plain(offer)
    _apply(offer, values, actor)
    changes = {key: [before[key], now] for key, now in _plain(offer).items() if before[key] != now}
    if changes:
        offer.version += 1
        offer.save()
        audit.record(actor=actor, action="offer.change", target=offer, changes=changes)
    return offer


@transaction.atomic
def switch_offer(*, actor: User, code: str, enabled: bool) -> Offer:
    """Put an offer on sale or take it off. Raises Invalid when it has no terms or a broken rule, Refused, NotFound."""
    offer = _locked(code, actor)
    if offer.enabled == enabled:
        return offer
    if enabled:
        parse_offer_rule(offer.rule)
        _require_terms(offer)
    offer.enabled = enabled
    offer.save(update_fields=["enabled"])
    audit.record(actor=actor, action="offer.change", target=offer, changes={"enabled": [not enabled, enabled]})
    return offer


def _locked(code: str, actor: User) -> Offer:
    offers = Offer.objects.visible_to(actor).select_related("branch", "policy", "plan").filter(code=code)
    offer = offers.select_for_update(no_key=True, of=("self",)).first()
    if offer is None:
        raise NotFound(_("There is no such offer."))
    _require_own(offer, actor)
    return offer


def _apply(offer: Offer, values: Mapping[str, Any], actor: User) -> None:
    if unknown := set(values) - set(EDITABLE):
        raise ValueError(f"not editable: {sorted(unknown)}")
    for key, value in values.items():
        setattr(offer, key, value)
    offer.rule = as_json(parse_offer_rule(offer.rule))
    for kind, names in TERMS.items():
        if kind != offer.kind:
            for name in names:
                setattr(offer, name, "" if name.startswith("gift") else None)
    _require_terms(offer)
    if offer.valid_from and offer.valid_until and offer.valid_until < offer.valid_from:
        raise _invalid("valid_until", "order", _("The last day lies before the first."))
    if offer.value < 0 or offer.cost < 0:
        raise _invalid("value" if offer.value < 0 else "cost", "negative", _("An amount may not be negative."))
    _require_own(offer, actor)


def _require_terms(offer: Offer) -> None:
    if not offer.has_terms:
        raise _invalid(TERMS[Offer.Kind(offer.kind)][0], "required", _("Say what the customer gets."))


def _require_own(offer: Offer, actor: User) -> None:
    if not may_edit_offers(actor=actor, branch=offer.branch):
        raise Refused(_("This offer is also made outside your branch."), code="outside_branch")


def _invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, details=[{"field": field, "code": code, "message": message}])


def _plain(offer: Offer) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    row = {key: getattr(offer, key) for key in EDITABLE if key not in {"policy", "plan", "branch"}}
    named = {key: getattr(offer, key).code if getattr(offer, key) else None for key in ("policy", "plan", "branch")}
    plain = {
        key: value if isinstance(value, (str, dict)) or value is None else str(value) for key, value in row.items()
    }
    return plain | named
