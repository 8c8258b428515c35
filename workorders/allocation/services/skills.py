"""Skills and languages are made and changed here."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from retention.core.accounts.models import User
from retention.core.administration.services import Seen, change_row, make_row
from retention.core.errors import Conflict, NotFound, Refused
from workorders.allocation.defaults import SKILLS
from workorders.allocation.models import Skill

SKILL_ACTION = "skill.change"


def install_skills() -> int:
    """The shipped skills that have never been installed; how many. Changes of people are kept."""
    known = set(Skill.objects.values_list("code", flat=True))
    rows = [Skill(**values) for values in SKILLS if values["code"] not in known]
    return len(Skill.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def create_skill(*, actor: User, code: str, values: Mapping[str, Any]) -> Skill:
    """Refused without the permission, Conflict for a code that is taken."""
    require_allocation(actor)
    row = Skill(code=code, **values)
    try:
        with transaction.atomic():
            make_row(row=row, actor=actor, names=values, action=SKILL_ACTION)
    except IntegrityError as error:
        raise Conflict(_("The code is taken by another skill."), code="taken") from error
    return row


@transaction.atomic
def change_skill(*, actor: User, code: str, values: Mapping[str, Any], seen: Seen) -> Skill:
    """NotFound, Refused, StaleRow where somebody else has changed what was seen."""
    require_allocation(actor)
    row = Skill.objects.select_for_update(no_key=True).filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no such skill."))
    change_row(row=row, actor=actor, values=values, seen=seen, action=SKILL_ACTION)
    return row


def require_allocation(actor: User) -> None:
    if not actor.may("allocation.edit"):
        raise Refused(_("Your role does not include this."))
