"""Making, changing and switching scenarios. Every change is a new version and a line in the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.audiences.permissions import may_decide
from campaigns.audiences.rules import clean, parse, with_parameters
from campaigns.audiences.rules.feeds import needed_feeds
from campaigns.scenarios.models import Scenario
from retention.core.accounts.models import Branch, User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, Invalid, NotFound, Refused

EDITABLE = (
    "name", "name_zh", "note", "rule", "action", "order_type", "channel", "purpose", "priority", "cooldown_days",
    "daily_cap", "branch", "owner", "hint", "hint_zh", "trigger", "event_kinds", "due_hours",
)  # fmt: skip


def may_edit(*, actor: User, branch: Branch | None) -> bool:
    """Whether `actor` may make and change what touches `branch` (None: the whole base)."""
    return may_decide(actor=actor, permission="scenarios.edit", branch=branch)


@transaction.atomic
def create_scenario(*, actor: User, code: str, values: Mapping[str, Any]) -> Scenario:
    """A new scenario, switched off. `values`: keys of EDITABLE. Raises Invalid, Refused, Conflict (code taken)."""
    scenario = Scenario(code=code, owner=actor)
    _apply(scenario, values, actor)
    try:
        with transaction.atomic():
            scenario.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("There is a scenario %(code)s already.") % {"code": code}, code="code_taken") from error
    audit.record(actor=actor, action="scenario.change", target=scenario, made=_plain(scenario))
    return scenario


@transaction.atomic
def update_scenario(*, actor: User, code: str, version: int, values: Mapping[str, Any]) -> Scenario:
    """Change a scenario as it stood at `version`. Raises Conflict when somebody else changed it meanwhile."""
    scenario = _locked(code, actor)
    if scenario.version != version:
        raise Conflict(_("Somebody else changed this scenario meanwhile. Load it again."), code="stale_version")
    before = _plain(scenario)
    _apply(scenario, values, actor)
    changes = {key: [before[key], now] for key, now in _plain(scenario).items() if before[key] != now}
    if changes:
        scenario.version += 1
        scenario.save()
        audit.record(actor=actor, action="scenario.change", target=scenario, changes=changes)
    return scenario


def tune_scenario(*, actor: User, code: str, version: int, numbers: Mapping[str, object]) -> Scenario:
    """Change numbers of the rule by parameter name (see rules.parameters). Raises as update_scenario."""
    scenario = Scenario.objects.visible_to(actor).filter(code=code).first()
    if scenario is None:
        raise NotFound(_("There is no such scenario."))
    values = {"rule": with_parameters(scenario.rule, numbers)}
    return update_scenario(actor=actor, code=code, version=version, values=values)


@transaction.atomic
def set_enabled(*, actor: User, code: str, enabled: bool) -> Scenario:
    """Switch a scenario on or off. Raises Invalid when its rule no longer holds, Refused, NotFound."""
    scenario = _locked(code, actor)
    if scenario.enabled == enabled:
        return scenario
    if enabled:
        parse(scenario.rule)
    scenario.enabled = enabled
    scenario.save(update_fields=["enabled"])
    audit.record(actor=actor, action="scenario.change", target=scenario, changes={"enabled": [not enabled, enabled]})
    return scenario


def _locked(code: str, actor: User) -> Scenario:
    scenarios = Scenario.objects.visible_to(actor).select_related("branch").filter(code=code)
    scenario = scenarios.select_for_update(no_key=True, of=("self",)).first()
    if scenario is None:
        raise NotFound(_("There is no such scenario."))
    if not may_edit(actor=actor, branch=scenario.branch):
        raise Refused(_("This scenario also touches lines outside your branch."), code="outside_branch")
    return scenario


def _apply(scenario: Scenario, values: Mapping[str, Any], actor: User) -> None:
    if unknown := set(values) - set(EDITABLE):
        raise ValueError(f"not editable: {sorted(unknown)}")
    for key, value in values.items():
        setattr(scenario, key, value)
    scenario.rule = clean(scenario.rule)
    on_events = scenario.trigger == Scenario.Trigger.EVENT
    if not on_events:
        scenario.event_kinds = []
    elif not scenario.event_kinds:
        raise Invalid(_("Say which events it listens to."), details=[{"field": "event_kinds", "code": "required"}])
    # An event is acted on whatever feed is late.
    scenario.needs = [] if on_events else needed_feeds(parse(scenario.rule))
    if scenario.action != Scenario.Action.OPEN_ORDER:
        scenario.order_type = ""
    elif not scenario.order_type:
        raise Invalid(_("Say which type of order is opened."), details=[{"field": "order_type", "code": "required"}])
    if not may_edit(actor=actor, branch=scenario.branch):
        raise Refused(_("This scenario also touches lines outside your branch."), code="outside_branch")


def _plain(scenario: Scenario) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    row = {key: getattr(scenario, key) for key in EDITABLE if key not in {"branch", "owner"}}
    return row | {"branch": scenario.branch.code if scenario.branch else None, "owner": scenario.owner_id}
