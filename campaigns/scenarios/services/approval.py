"""How many contacts a night a person may start alone; for more, somebody else has to approve.

Below its limit a scenario is switched on, and changed while it is on, by whoever decides for its branch. Above it, one
person submits it as it stands and another, who has not written it either, switches it on. A scenario that is on is not
changed to contact more, beyond the limit: it goes on as it is, and the change is made in a copy that is approved in its
place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.declarations import SUBMITTED
from campaigns.scenarios.models import Scenario
from campaigns.scenarios.queries import DryRun, dry_run
from campaigns.scenarios.queries.matching import asks_gate
from campaigns.scenarios.services.notices import tell_deciders
from retention.core.accounts.models import User
from retention.core.accounts.roles import Role
from retention.core.audit import services as audit
from retention.core.errors import Invalid
from retention.core.managed.models import Managed
from retention.core.managed.queries import history_of
from retention.core.notices.text import Message
from retention.core.ui import formats

# Contacts a night of one scenario. A role that is not named here has no limit.
CONTACT_LIMITS: Mapping[str, int] = {Role.MANAGER: 1000}


@dataclass(frozen=True)
class Approval:
    """What the person may do with a scenario that is off. limit: None without one."""

    contacts: int
    limit: int | None
    submitted_by: User | None
    is_own: bool

    @property
    def is_needed(self) -> bool:
        return self.limit is not None and self.contacts > self.limit

    @property
    def may_switch_on(self) -> bool:
        return not self.is_needed or self.submitted_by is not None and not self.is_own


def approval_for(*, scenario: Scenario, run: DryRun | None, user: User) -> Approval:
    """run: of the scenario as it stands, over all lines of its branch; None counts as no contact."""
    contacts = sum(run.contacts.values()) if run and asks_gate(scenario) else 0
    is_own = user.pk in {scenario.submitted_by_id, *_authors(scenario)}
    return Approval(contacts, CONTACT_LIMITS.get(user.role), scenario.submitted_by, is_own)


def submit(*, scenario: Scenario, actor: User, now: datetime) -> Scenario:
    """Ask for somebody else's approval of the locked scenario as it stands, which any change of it takes back. The
    others who decide for it are told."""
    if scenario.submitted_by_id != actor.pk:
        changes = {"submitted_by": [scenario.submitted_by_id, actor.pk]}
        scenario.submitted_by = actor
        scenario.save(update_fields=["submitted_by"])
        audit.record(actor=actor, action=scenario.change_action(), target=scenario, changes=changes)
        what = Message(SUBMITTED, {"scenario": scenario.code, "name": actor.display_name})
        tell_deciders(scenario=scenario, what=what, page="campaigns:scenario-try", now=now, but=actor)
    return scenario


@transaction.atomic
def change_running(change: Callable[[], Managed], *, code: str, actor: User, now: datetime) -> Scenario:
    """Make a change of a scenario. Invalid, and nothing is changed, when the scenario is on and would then contact more
    customers a night than it does and than the person may decide alone."""
    before = Scenario.objects.select_related("branch").filter(code=code).first()
    scenario = change()
    assert isinstance(scenario, Scenario), "only changes of scenarios are made here"
    limit = CONTACT_LIMITS.get(actor.role)
    if limit is None or before is None or not scenario.enabled or _is_capped(scenario, limit):
        return scenario
    contacts = _contacts(scenario, actor, now)
    if contacts > limit and contacts > _contacts(before, actor, now):
        text = _(
            "So changed it would contact %(contacts)s customers a night; alone you may decide for %(limit)s. Lower the"
            " nightly cap, or make the change in a copy that somebody else approves. Until then it goes on as it is."
        )
        words = {"contacts": formats.number(contacts), "limit": formats.number(limit)}
        raise Invalid(text % words, code="over_limit", details=[{"field": "daily_cap", "code": "over_limit"}])
    return scenario


def _contacts(scenario: Scenario, actor: User, now: datetime) -> int:
    """Of a night, 0 for one that contacts nobody or cannot be played."""
    if not asks_gate(scenario) or scenario.trigger == Scenario.Trigger.EVENT:
        return 0
    try:
        run = dry_run(scenario=scenario, user=actor, now=now)
    except Invalid:  # a rule that no longer holds finds nobody
        return 0
    return sum(run.contacts.values()) if run else 0


def _is_capped(scenario: Scenario, limit: int) -> bool:
    """Known without a look at the base."""
    return scenario.daily_cap is not None and scenario.daily_cap <= limit


def _authors(scenario: Scenario) -> set[int | None]:
    """Who wrote the version as it stands."""
    return set(history_of(scenario).filter(detail__version=scenario.version).values_list("actor_id", flat=True))
