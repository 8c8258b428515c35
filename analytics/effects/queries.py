"""Both arms of a scenario, by window. Read-only."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from analytics.evaluation.rules.arms import Arm
from analytics.evaluation.rules.verdicts import Comparison, Looks, judge
from campaigns.scenarios.models import Scenario, ScenarioHit
from customers.contacts.models import ContactRecord
from customers.facts.models import Subscriber
from customers.fields.choices import VOLUNTARY_REASONS
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User
from retention.core.db.inline import inline

WINDOWS = (30, 60, 90)  # days after the finding

# The first finding of each line draws its arm; later ones draw the same.
_ARMS = f"""
WITH drawn AS ({{drawn}}),
followed AS (
    SELECT d.state = '{ScenarioHit.State.HELD_OUT}' AS held_out, d.holdout_percent, w.days,
           coalesce(s.terminated_on <= d."on" + w.days AND s.termination_reason = ANY(%(by_choice)s), false) AS left_us,
           EXISTS (SELECT FROM {ContactRecord._meta.db_table} c
                   WHERE c.customer_id = d.customer_id AND c.state = '{ContactRecord.State.USED}'
                     AND c.at >= (d."on" + 1)::timestamp AT TIME ZONE %(zone)s
                     AND c.at < (d."on" + w.days + 1)::timestamp AT TIME ZONE %(zone)s) AS contacted
    FROM drawn d
    JOIN {Subscriber._meta.db_table} s ON s.id = d.subscriber_id
    JOIN unnest(%(windows)s::int[]) w(days) ON d."on" + w.days <= %(known)s
)
SELECT days, held_out, count(*), count(*) FILTER (WHERE left_us), count(*) FILTER (WHERE contacted),
       avg(holdout_percent) / 100
FROM followed GROUP BY days, held_out
"""


@dataclass(frozen=True)
class WindowEffect:
    """Leaving by choice in so many days after the finding, of lines of which it is known. contacted: of each arm, lines
    whose customer was contacted in the window by whatever source.
    """

    days: int
    comparison: Comparison[Arm]
    treated_contacted: int
    held_out_contacted: int


def effects_of(*, scenario: Scenario, user: User) -> list[WindowEffect]:
    """The scenario's effect in each window, over lines the person may see; as of the night of the profile."""
    known = SubscriberProfile.objects.values_list("as_of", flat=True).first()
    counted: dict[tuple[int, bool], tuple[int, int, int, float]] = {}
    if known is not None:
        for days, held_out, lines, left, contacted, share in _count_arms(scenario, user, known):
            counted[days, held_out] = (lines, left, contacted, float(share))
    return [_window(days, counted, scenario) for days in WINDOWS]


def _count_arms(scenario: Scenario, user: User, known: date) -> list[tuple]:
    drawn = (
        ScenarioHit.objects.visible_to(user)
        .filter(scenario=scenario, holdout_percent__gt=0)
        .order_by("subscriber", "on", "pk")
        .distinct("subscriber")
        .values("subscriber_id", "customer_id", "on", "state", "holdout_percent")
    )
    sql, params = inline(drawn, "drawn")
    params |= {
        "zone": settings.TIME_ZONE,
        "known": known,
        "windows": list(WINDOWS),
        "by_choice": list(VOLUNTARY_REASONS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ARMS.format(drawn=sql), params)
        return cursor.fetchall()


def _window(
    days: int, counted: dict[tuple[int, bool], tuple[int, int, int, float]], scenario: Scenario
) -> WindowEffect:
    nothing = (0, 0, 0, scenario.holdout_percent / 100)
    lines, left, contacted, share = counted.get((days, False), nothing)
    alone, alone_left, alone_contacted, alone_share = counted.get((days, True), nothing)
    drawn = lines + alone
    mean = (lines * share + alone * alone_share) / drawn if drawn else scenario.holdout_percent / 100
    # The page is read every day, and a scenario has no end that was set before.
    comparison = judge(Arm(lines, left), Arm(alone, alone_left), share=mean, looks=Looks.REPEATED)
    return WindowEffect(days, comparison, contacted, alone_contacted)
