"""What an agent can do and takes a day, decided by a supervisor."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.administration.services import Seen, change_row, row_values
from retention.core.errors import Refused
from workorders.allocation.models import AgentTerms

TERMS_ACTION = "agent.terms"


def terms_of(person: User) -> AgentTerms:
    """The person's row; one that is not stored yet as long as nothing was decided."""
    return AgentTerms.objects.filter(user=person).first() or AgentTerms(user=person)


@transaction.atomic
def change_terms(*, actor: User, person: User, values: Mapping[str, Any], seen: Seen) -> AgentTerms:
    """Orders that the agent has stay, those that need what was taken away too. Refused without the permission,
    StaleRow where somebody else has changed what was seen; whom the actor may change is the caller's question."""
    if not actor.may("agents.edit"):
        raise Refused(_("Your role does not include this."))
    row, is_new = AgentTerms.objects.select_for_update(no_key=True).get_or_create(user=person)
    if is_new and not seen.base:
        seen = Seen(base=row_values(row, values))
    change_row(row=row, actor=actor, values=values, seen=seen, action=TERMS_ACTION, target=f"user:{person.username}")
    return row
