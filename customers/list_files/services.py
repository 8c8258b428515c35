"""Loading a file into one list: rows are checked by set, the good ones land in one transaction, others are named.

The columns are those of COLUMNS, in English or Chinese; customer_no is needed. The same file again lands nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

import pyarrow as pa
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.facts.models import Customer, Subscriber
from customers.ingest.services.readers import ending_sentence, open_source
from customers.lists.models import ListEntry, OwnList
from customers.lists.services import PROFILE_FLAGS, lists_open_to, own_lists_open_to
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User
from retention.core.audit import services as audit
from retention.core.audit.models import AuditEntry
from retention.core.db.copy import copy_in
from retention.core.db.inline import inline
from retention.core.db.temporary_tables import TemporaryTable
from retention.core.errors import Invalid, Refused

MAX_ROWS, REJECTED_SHOWN = 200_000, 1_000
# Names of the columns in a file: ours, and what operators' sheets call them.
COLUMNS = {
    "customer_no": ("customer_no", "客户编号", "客户编码"), "channel": ("channel", "渠道"),
    "starts_on": ("starts_on", "from", "开始日期"), "ends_on": ("ends_on", "until", "截止日期"),
    "reason": ("reason", "原因"), "proof": ("proof", "凭证"),
}  # fmt: skip
NAMES = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
STAGED = TemporaryTable("list_rows", {"row": "bigint", **dict.fromkeys(COLUMNS, "text")})
JUDGED = TemporaryTable(
    "list_rows_judged",
    {
        "row": "bigint", "customer_id": "bigint", "customer_no": "text", "channel": "text", "starts_on": "date",
        "ends_on": "date", "reason": "text", "proof": "text", "field": "text", "code": "text",
    },
)  # fmt: skip
CUSTOMERS, ENTRIES, PROFILES = Customer._meta.db_table, ListEntry._meta.db_table, SubscriberProfile._meta.db_table
LONGEST = {"reason": 200, "proof": 120}


def _day(name: str) -> str:
    """The day of a column, NULL where it is blank or none."""
    return f"CASE WHEN pg_input_is_valid(r.{name}, 'date') THEN r.{name}::date END"


# Of several rows of one customer and channel the first lands.
_JUDGE = f"""
WITH typed AS (
    SELECT r.*, coalesce(nullif(lower(r.channel), ''), 'any') AS channel_code, {_day("starts_on")} AS first,
           {_day("ends_on")} AS last, c.id AS customer_id,
           coalesce(nullif(r.reason, ''), %(reason)s) AS why, coalesce(nullif(r.proof, ''), %(proof)s) AS shown
    FROM {STAGED} r LEFT JOIN {CUSTOMERS} c ON c.customer_no = r.customer_no AND c.id IN ({{seen}})
), judged AS (
    SELECT t.*, coalesce(t.first, %(today)s) AS begins,
           row_number() OVER (PARTITION BY t.customer_no, t.channel_code ORDER BY t.row) AS times
    FROM typed t
)
SELECT j.row, j.customer_id, j.customer_no, j.channel_code AS channel, j.begins AS starts_on, j.last AS ends_on,
       j.why AS reason, j.shown AS proof, split_part(p.problem, ' ', 1) AS field, split_part(p.problem, ' ', 2) AS code
FROM judged j CROSS JOIN LATERAL (SELECT CASE
    WHEN coalesce(j.customer_no, '') = '' THEN 'customer_no required'
    WHEN j.customer_id IS NULL THEN 'customer_no unknown'
    WHEN j.channel_code <> ALL(%(channels)s) THEN 'channel invalid'
    WHEN j.starts_on <> '' AND j.first IS NULL THEN 'starts_on invalid'
    WHEN j.ends_on <> '' AND j.last IS NULL THEN 'ends_on invalid'
    WHEN j.last < j.begins THEN 'ends_on before_start'
    WHEN j.why = '' THEN 'reason required'
    WHEN length(j.why) > {LONGEST["reason"]} THEN 'reason too_long'
    WHEN length(j.shown) > {LONGEST["proof"]} THEN 'proof too_long'
    WHEN j.times > 1 THEN 'customer_no repeated'
    WHEN EXISTS (
        SELECT FROM {ENTRIES} e
        WHERE e.customer_id = j.customer_id AND e.kind = %(kind)s AND e.channel = j.channel_code
          AND e.own_list_id IS NOT DISTINCT FROM %(own)s AND e.starts_on <= j.begins
          AND (e.ends_on IS NULL OR e.ends_on >= j.begins)
    ) THEN 'customer_no already_listed' END AS problem) p
"""
_LAND = f"""
WITH landed AS (
    INSERT INTO {ENTRIES} (kind, own_list_id, customer_id, channel, starts_on, ends_on, reason, source, proof,
                           created_by_id, created_at, end_reason)
    SELECT %(kind)s, %(own)s, customer_id, channel, starts_on, ends_on, reason, '{ListEntry.Source.FILE}', proof,
           %(actor)s, %(now)s, ''
    FROM {JUDGED} WHERE code IS NULL ORDER BY row
    RETURNING id, customer_id, channel, reason, proof
)
INSERT INTO {AuditEntry._meta.db_table} (at, actor_id, actor_name, action, target, detail)
SELECT %(now)s, %(actor)s, %(actor_name)s, 'customer.list_add', 'customer:' || c.customer_no,
       jsonb_build_object('list', %(list)s, 'channel', l.channel, 'entry', l.id, 'reason', l.reason, 'proof', l.proof,
                          'source', '{ListEntry.Source.FILE}')
FROM landed l JOIN {CUSTOMERS} c ON c.id = l.customer_id
"""


@dataclass
class LoadedList:
    """rows of the file, landed of them, and the others: [{"row", "field", "code", "value"}], the first
    REJECTED_SHOWN. note: why the file could not be read to its end."""

    rows: int = 0
    landed: int = 0
    rejected: int = 0
    rejections: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""


@transaction.atomic
def load_list(
    *, actor: User, file: BinaryIO, name: str, kind: str, own_list: OwnList | None, reason: str, now: datetime
) -> LoadedList:
    """Put the customers of a file on a list. reason: of rows that give none; their proof is then the file's name.

    Customers whom the actor does not see are unknown. Refused without the permission for the list; Invalid (Unreadable)
    for a file that is none, lacks the column customer_no, has unknown columns or too many rows.
    """
    mine = kind in lists_open_to(actor) if own_list is None else own_list in own_lists_open_to(actor)
    if not (mine and actor.may("customers.list")):
        raise Refused(_("Your role may not change this list."))
    today = timezone.localtime(now).date()
    with connection.cursor() as cursor:
        found = _stage(cursor, file)
        seen, params = inline(Subscriber.objects.visible_to(actor).order_by().values("account__customer"), "seen")
        params |= {
            "reason": reason.strip(), "proof": name[:120], "today": today, "kind": kind,
            "own": own_list and own_list.pk, "channels": list(ListEntry.Channel.values),
        }  # fmt: skip
        # Two files at once: the second sees what the first has landed.
        cursor.execute(f"LOCK TABLE {ENTRIES} IN SHARE ROW EXCLUSIVE MODE")
        JUDGED.create_as(cursor, _JUDGE.replace("{seen}", seen), params)
        cursor.execute(f"UPDATE {JUDGED} SET field = NULL, code = NULL WHERE code = ''")
        which = own_list.code if own_list else kind
        params |= {"actor": actor.pk, "actor_name": actor.username, "now": now, "list": which}
        cursor.execute(_LAND, params)
        found.landed = cursor.rowcount
        _flag(cursor, kind, today)
        _name_rejected(cursor, found)
    audit.record(
        actor=actor, action="customer.list_file", target=f"list:{which}", file=name, rows=found.rows,
        landed=found.landed, rejected=found.rejected,
    )  # fmt: skip
    return found


def _stage(cursor: CursorWrapper, file: BinaryIO) -> LoadedList:
    """The rows as texts in STAGED; rows that cannot be taken apart are rejected at once."""
    STAGED.create(cursor)
    reading, found = open_source(file), LoadedList()
    for chunk in reading:
        found.rows = chunk.last
        if found.rows > MAX_ROWS:
            raise _wrong(_("The file has more than %(most)s rows: split it.") % {"most": MAX_ROWS})
        columns = _columns(chunk.columns)
        rows = {"row": pa.array(chunk.rows, pa.int64())}
        for name in COLUMNS:
            values = columns.get(name)
            texts = [None] * len(chunk.rows) if values is None else values.to_pylist()
            rows[name] = pa.array([str(one).strip().replace("\0", "") if one is not None else "" for one in texts])
        copy_in(cursor, STAGED.name, pa.table(rows))
        found.rejections += [{"row": one.row, "field": "", "code": "unreadable", "value": ""} for one in chunk.defects]
        found.rejected += len(chunk.defects)
    if reading.ended:
        found.note = ending_sentence(reading.ended, found.rows)
    STAGED.analyze(cursor)
    return found


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    known = {NAMES[name.strip().lower()]: table[name] for name in table.column_names if name.strip().lower() in NAMES}
    strange = [name for name in table.column_names if name.strip().lower() not in NAMES]
    if "customer_no" not in known:
        raise _wrong(_("The file has no column customer_no."))
    if strange:
        text = _("Unknown column: %(name)s. The columns are: %(known)s.")
        raise _wrong(text % {"name": strange[0], "known": ", ".join(COLUMNS)})
    return known


def _flag(cursor: CursorWrapper, kind: str, today: date) -> None:
    flag = PROFILE_FLAGS.get(ListEntry.Kind(kind))
    if flag:
        cursor.execute(
            f"UPDATE {PROFILES} p SET {flag} = true FROM {JUDGED} j WHERE p.customer_id = j.customer_id"
            " AND j.code IS NULL AND j.starts_on <= %(today)s AND (j.ends_on IS NULL OR j.ends_on >= %(today)s)",
            {"today": today},
        )


def _name_rejected(cursor: CursorWrapper, found: LoadedList) -> None:
    cursor.execute(
        f"SELECT row, field, code, customer_no, count(*) OVER () FROM {JUDGED} WHERE code IS NOT NULL"
        f" ORDER BY row LIMIT {REJECTED_SHOWN}"
    )
    rows = cursor.fetchall()
    found.rejected += rows[0][4] if rows else 0
    named = [{"row": row, "field": name, "code": code, "value": value} for row, name, code, value, _n in rows]
    found.rejections = sorted(found.rejections + named, key=lambda one: one["row"])[:REJECTED_SHOWN]


def _wrong(text: str) -> Invalid:
    return Invalid(text, code="unreadable", details=[{"field": "file", "code": "unreadable", "message": text}])
