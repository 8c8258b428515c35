"""Draws calls for review: each rule draws a whole week once, in one statement; a task that stops is run again."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.facts.models import ServiceContact
from retention.core.accounts.models import Branch, User
from retention.core.audit import services as audit
from retention.core.errors import Conflict, NotFound, Refused
from workorders.order_types.models import Disposition, OrderType
from workorders.orders.models import Transition, WorkOrder
from workorders.orders.queries import day_bounds
from workorders.quality.models import Draw, Review, SampleRule, ScoreSheet

ACTION = "review.draw"
WEEK = timedelta(days=7)
WEEKS_BACK = 4  # a week that the task has missed is made up so long
COMPLAINT_DAYS = 7  # a complaint counts for the calls of so many days before it
_COLUMNS = """contact_id, order_id, agent_id, team_id, branch_id, contact_at, rule_id, reason, draw, sheet_id,
    sheet_version, criteria, drawn_at, state, is_fatal, comment, reply, reply_text, answer"""
_REST = f"""%(sheet)s::bigint, %(version)s::int, %(criteria)s::jsonb, %(now)s::timestamptz, '{Review.State.WAITING}',
    false, '', '', '', ''"""
# The closing contacts of a rule between two instants, with their place among those of their agent.
_CALLS = f"""
calls AS (
    SELECT t.id, t.order_id, t.actor_id, t.at, o.team_id, o.branch_id,
           (hashtextextended(%(salt)s || ':' || o.order_no || ':' || t.version, 0) & 1048575) / 1048576.0 AS draw,
           EXISTS (
               SELECT 1 FROM {ServiceContact._meta.db_table} s
               WHERE s.subscriber_id = o.subscriber_id AND s.kind = '{ServiceContact.Kind.COMPLAINT}'
                 AND s.opened_at > t.at AND s.opened_at <= t.at + %(complaint_days)s * interval '1 day'
           ) AS complained
    FROM {Transition._meta.db_table} t
    JOIN {WorkOrder._meta.db_table} o ON o.id = t.order_id
    JOIN {Branch._meta.db_table} b ON b.id = o.branch_id
    JOIN {OrderType._meta.db_table} y ON y.id = o.type_id
    JOIN {Disposition._meta.db_table} d ON d.id = t.disposition_id
    WHERE t.at >= %(since)s AND t.at < %(until)s AND t.disposition_id IS NOT NULL AND t.move = 'complete'
      AND t.actor_id IS NOT NULL AND b.path LIKE %(path)s
      AND (cardinality(%(types)s::text[]) = 0 OR y.code = ANY(%(types)s::text[]))
      AND (cardinality(%(dispositions)s::text[]) = 0 OR d.code = ANY(%(dispositions)s::text[]))
      AND NOT EXISTS (
          SELECT 1 FROM {Transition._meta.db_table} m
          WHERE m.order_id = t.order_id AND m.version = t.version + 1 AND m.move IN ('reopen', 'requeue')
      )
),
ranked AS (SELECT *, row_number() OVER (PARTITION BY actor_id ORDER BY draw, id) AS place FROM calls)"""
_DRAW = f"""
WITH {_CALLS}
INSERT INTO {Review._meta.db_table} ({_COLUMNS})
SELECT id, order_id, actor_id, team_id, branch_id, at, %(rule)s::bigint,
       CASE WHEN %(complaints)s AND complained THEN '{Review.Reason.COMPLAINT}'
            WHEN place <= %(per_agent)s THEN '{Review.Reason.AGENT}' ELSE '{Review.Reason.SHARE}' END,
       draw, {_REST}
FROM ranked
WHERE %(complaints)s AND complained OR place <= %(per_agent)s OR draw < %(share)s
ORDER BY id
ON CONFLICT (contact_id) WHERE calibration_id IS NULL DO NOTHING
"""
_DRAW_COMPLAINTS = f"""
WITH {_CALLS}
INSERT INTO {Review._meta.db_table} ({_COLUMNS})
SELECT id, order_id, actor_id, team_id, branch_id, at, %(rule)s::bigint, '{Review.Reason.COMPLAINT}', draw, {_REST}
FROM ranked WHERE complained ORDER BY id
ON CONFLICT (contact_id) WHERE calibration_id IS NULL DO NOTHING
"""


def draw_samples(*, now: datetime) -> int:
    """Draw every whole week that a rule in use has not drawn yet, and calls complained of since; how many calls."""
    today = timezone.localtime(now).date()
    monday = today - timedelta(days=today.weekday())
    drawn = 0
    for rule in SampleRule.objects.filter(enabled=True, sheet__enabled=True).select_related("sheet", "branch"):
        for back in range(WEEKS_BACK, 0, -1):
            drawn += draw_week(rule=rule, week=monday - back * WEEK, now=now)
        if rule.complaints:
            drawn += _insert(_DRAW_COMPLAINTS, rule, today - 2 * WEEK, today, now)
    return drawn


@transaction.atomic
def draw_week(*, rule: SampleRule, week: date, now: datetime) -> int:
    """Draw the calls of the week that begins on this Monday, unless they are drawn; how many there are new."""
    mark, is_new = Draw.objects.get_or_create(
        rule=rule, week=week, defaults={"version": rule.version, "drawn_at": now, "count": 0}
    )
    if not is_new:
        return 0
    mark.count = _insert(_DRAW, rule, week, week + timedelta(days=6), now)
    mark.save(update_fields=["count"])
    return mark.count


def _insert(sql: str, rule: SampleRule, first: date, last: date, now: datetime) -> int:
    since, until = day_bounds(first, last)
    params: dict[str, Any] = {
        "since": since, "until": until, "now": now, "rule": rule.pk, "salt": rule.code,
        "path": f"{rule.branch.path}%" if rule.branch else "%", "types": list(rule.types),
        "dispositions": list(rule.dispositions), "complaints": rule.complaints, "complaint_days": COMPLAINT_DAYS,
        "per_agent": rule.per_agent, "share": rule.share_percent / 100, "sheet": rule.sheet_id,
        "version": rule.sheet.version, "criteria": json.dumps(rule.sheet.criteria),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


@transaction.atomic
def choose_order(*, order_no: str, sheet: str, actor: User, now: datetime) -> Review:
    """Put the last contact of a closed order in the queue by hand. NotFound for orders the actor does not see;
    Conflict when it is in the queue or reviewed already, or nobody has worked on it."""
    if not actor.may("quality.review"):
        raise Refused(_("Your role does not include this."))
    order = WorkOrder.objects.visible_to(actor).filter(order_no=order_no).first()
    if order is None:
        raise NotFound(_("There is no such order."))
    row = ScoreSheet.objects.visible_to(actor).filter(code=sheet, enabled=True).first()
    if row is None:
        raise NotFound(_("There is no such score sheet in use."))
    contact = Transition.objects.last_contacts().filter(order=order, actor__isnull=False).first()
    if contact is None:
        raise Conflict(_("Nobody has saved a contact on this order yet."), code="no_contact")
    if Review.objects.filter(contact=contact, calibration=None).exists():
        raise Conflict(_("This call is in the queue already, or reviewed."), code="taken")
    review = Review.objects.create(**drawn_values(contact, order, row, now=now), reason=Review.Reason.HAND)
    audit.record(actor=actor, action=ACTION, target=order, sheet=row.code)
    return review


def drawn_values(contact: Transition, order: WorkOrder, sheet: ScoreSheet, *, now: datetime) -> dict[str, Any]:
    """The fields of a review of this contact by the sheet as it stands."""
    return {
        "contact": contact, "order": order, "agent_id": contact.actor_id, "team_id": order.team_id,
        "branch_id": order.branch_id, "contact_at": contact.at, "sheet": sheet, "sheet_version": sheet.version,
        "criteria": sheet.criteria, "drawn_at": now,
    }  # fmt: skip
