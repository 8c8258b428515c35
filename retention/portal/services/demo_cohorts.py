"""The snapshot cohort of the demo: frozen months ago, so that a newcomer sees what has become of its members."""

from datetime import date, timedelta

from campaigns.audiences.defaults import IN_SERVICE, ask, rule
from campaigns.cohorts.services.allotment import possible_owners, share_out
from campaigns.cohorts.services.freezing import freeze_cohort
from customers.cohorts.models import Cohort
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.managed.services import create
from retention.portal.services.working_days import at_hour

CODE = "high-value-mobile"
HIGH_FROM = 120
VALUES = {
    "name": "High-value mobile base",
    "name_zh": "移动高价值保有用户",
    "rule": rule(IN_SERVICE, ask("line_type", "=", "mobile"), ask("arpu", ">=", HIGH_FROM)),
    "high_from": HIGH_FROM,
}


def freeze_demo_cohort(*, on: date) -> int:
    """Freeze and share out the cohort as of a month end with a whole snapshot. Returns its members, 0 when it is frozen
    already or nobody of so small a demo is of such value."""
    manager = User.objects.get(username="manager")
    with clock.freeze(at_hour(on + timedelta(days=1), 9)):
        row = Cohort.objects.filter(code=CODE).first() or create(model=Cohort, actor=manager, code=CODE, values=VALUES)
        if row.frozen_on is not None:
            return 0
        try:
            frozen = freeze_cohort(actor=manager, code=CODE, version=row.version, on=on, now=clock.now())
        except Invalid:
            return 0
        share_out(actor=manager, code=CODE, owners=list(possible_owners(manager)), keep_groups=True, now=clock.now())
    return frozen.members
