"""The kinds of row of a suppression file: what each holds, which rows of the database it is made of, how it lands.

A row only ever takes away: it stops contacts or profiling of a customer, or closes an access. An older one never
replaces a newer one that the database has received since.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from customers.facts.models import Consent, Customer, Subscriber
from customers.lists.models import ListEntry, OwnList
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User
from retention.core.api.models import ApiClient
from retention.core.db.temporary_tables import TemporaryTable
from retention.core.webhooks.models import Webhook

CUSTOMER, LINE, CONSENT = Customer._meta.db_table, Subscriber._meta.db_table, Consent._meta.db_table
ENTRY, PROFILE, USER = ListEntry._meta.db_table, SubscriberProfile._meta.db_table, User._meta.db_table
OWN_LIST, CLIENT, WEBHOOK = OwnList._meta.db_table, ApiClient._meta.db_table, Webhook._meta.db_table


@dataclass(frozen=True)
class Kind:
    """fields: {name: SQL type}; those in `optional` may be null or left out. words: {field: its closed list}.

    export: a SELECT of the fields. owner: the table that `owner_key` and the field of that name find a row in. A row
    without one is rejected, unless `access`: what is not there need not be closed. apply: a statement that lands the
    rows of `{rows}` (fields and `owner_id`), the new and the changed ones only.
    """

    name: str
    fields: Mapping[str, str]
    export: str
    owner: str
    owner_key: str
    apply: str
    optional: frozenset[str] = frozenset()
    words: Mapping[str, tuple[str, ...]] | None = None
    access: bool = False

    @property
    def table(self) -> TemporaryTable:
        return TemporaryTable(f"suppressed_{self.name}", {"line": "bigint", **self.fields, "owner_id": "bigint"})


OPT_OUT = Kind(
    "opt_out",
    {"customer_no": "varchar(40)", "version": "bigint"},
    f"SELECT customer_no, source_version AS version FROM {CUSTOMER} WHERE profiling_opt_out",
    CUSTOMER,
    "customer_no",
    f"""
    WITH landed AS (
        UPDATE {CUSTOMER} c SET profiling_opt_out = true, source_version = greatest(c.source_version, r.version)
        FROM (SELECT owner_id, max(version) AS version FROM {{rows}} GROUP BY owner_id) r
        WHERE c.id = r.owner_id AND NOT c.profiling_opt_out AND (r.version >= c.source_version) IS NOT FALSE
        RETURNING c.id
    ),
    shown AS (UPDATE {PROFILE} p SET profiling_opt_out = true FROM landed WHERE p.customer_id = landed.id)
    SELECT FROM landed
    """,
    optional=frozenset({"version"}),
)
CONSENT_WITHDRAWN = Kind(
    "consent",
    {
        "subscriber_no": "varchar(40)", "purpose": "varchar(40)", "channel": "varchar(20)", "at": "timestamptz",
        "source": "varchar(60)", "proof": "varchar(120)", "version": "bigint",
    },
    f"""
    SELECT line.subscriber_no, c.purpose, c.channel, c.at, c.source, nullif(c.proof, '') AS proof,
           c.source_version AS version
    FROM {CONSENT} c JOIN {LINE} line ON line.id = c.subscriber_id WHERE NOT c.granted
    """,
    LINE,
    "subscriber_no",
    f"""
    INSERT INTO {CONSENT} AS c (subscriber_id, purpose, channel, granted, at, source, proof, source_version)
    SELECT DISTINCT ON (owner_id, purpose, channel)
           owner_id, purpose, channel, false, at, source, coalesce(proof, ''), version
    FROM {{rows}} ORDER BY owner_id, purpose, channel, at DESC
    ON CONFLICT (subscriber_id, purpose, channel) DO UPDATE
        SET granted = false, at = EXCLUDED.at, source = EXCLUDED.source, proof = EXCLUDED.proof,
            source_version = greatest(c.source_version, EXCLUDED.source_version)
        WHERE c.at < EXCLUDED.at OR c.at = EXCLUDED.at AND c.granted
    """,
    optional=frozenset({"proof", "version"}),
)  # fmt: skip
LISTED = Kind(
    "list",
    {
        "customer_no": "varchar(40)",
        "list": "varchar(16)",
        "channel": "varchar(8)",
        "starts_on": "date",
        "ends_on": "date",
        "reason": "varchar(200)",
        "created_at": "timestamptz",
        "created_by": "varchar(150)",
        "own_list": "varchar(24)",
        "source": "varchar(12)",
        "proof": "varchar(120)",
    },
    f"""
    SELECT c.customer_no, e.kind AS list, e.channel, e.starts_on, e.ends_on, e.reason, e.created_at,
           u.username AS created_by, o.code AS own_list, e.source, e.proof
    FROM {ENTRY} e JOIN {CUSTOMER} c ON c.id = e.customer_id LEFT JOIN {USER} u ON u.id = e.created_by_id
    LEFT JOIN {OWN_LIST} o ON o.id = e.own_list_id
    WHERE e.ends_on IS NULL OR e.ends_on >= %(today)s
    """,
    CUSTOMER,
    "customer_no",
    f"""
    WITH landed AS (
        INSERT INTO {ENTRY} (customer_id, kind, channel, starts_on, ends_on, reason, created_at, created_by_id,
                             own_list_id, source, proof, end_reason)
        SELECT DISTINCT ON (owner_id, list, o.id, r.channel, r.starts_on, r.created_at)
               owner_id, list, r.channel, r.starts_on, r.ends_on, r.reason, r.created_at, u.id,
               o.id, coalesce(r.source, 'staff'), coalesce(r.proof, ''), ''
        FROM {{rows}} r LEFT JOIN {USER} u ON u.username = r.created_by
        LEFT JOIN {OWN_LIST} o ON o.code = r.own_list AND r.list = 'own'
        -- An own list that is not on this server cannot take its customers back: what it blocked is not known here.
        WHERE (r.list <> 'own' OR o.id IS NOT NULL) AND NOT EXISTS (
            SELECT FROM {ENTRY} e
            WHERE (e.customer_id, e.kind, e.channel, e.starts_on, e.created_at)
                = (r.owner_id, r.list, r.channel, r.starts_on, r.created_at)
              AND e.own_list_id IS NOT DISTINCT FROM o.id)
        RETURNING customer_id, kind, starts_on, ends_on
    ),
    shown AS (
        UPDATE {PROFILE} p SET
            do_not_disturb = p.do_not_disturb OR now.do_not_disturb, false_user = p.false_user OR now.false_user,
            on_blacklist = p.on_blacklist OR now.on_blacklist, on_red_list = p.on_red_list OR now.on_red_list
        FROM (
            SELECT customer_id, bool_or(kind = 'do_not_disturb') AS do_not_disturb,
                   bool_or(kind = 'false_user') AS false_user, bool_or(kind = 'blacklist') AS on_blacklist,
                   bool_or(kind = 'red_list') AS on_red_list
            FROM landed WHERE starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)
            GROUP BY customer_id
        ) now
        WHERE p.customer_id = now.customer_id
    )
    SELECT FROM landed
    """,
    optional=frozenset({"ends_on", "created_by", "own_list", "source", "proof"}),
    words={"list": tuple(ListEntry.Kind.values), "channel": tuple(ListEntry.Channel.values)},
)
STAFF_CLOSED = Kind(
    "staff",
    {"username": "varchar(150)"},
    f"SELECT username FROM {USER} WHERE NOT is_active",
    USER,
    "username",
    f"UPDATE {USER} u SET is_active = false FROM {{rows}} r WHERE u.id = r.owner_id AND u.is_active",
    access=True,
)
CLIENT_REVOKED = Kind(
    "api_client",
    {"name": "varchar(80)", "revoked_at": "timestamptz"},
    f"SELECT name, revoked_at FROM {CLIENT} WHERE revoked_at IS NOT NULL",
    CLIENT,
    "name",
    f"""
    UPDATE {CLIENT} c SET revoked_at = r.revoked_at FROM {{rows}} r WHERE c.id = r.owner_id AND c.revoked_at IS NULL
    """,
    access=True,
)
WEBHOOK_PAUSED = Kind(
    "webhook",
    {"id": "bigint"},
    f"SELECT id FROM {WEBHOOK} WHERE NOT active",
    WEBHOOK,
    "id",
    f"UPDATE {WEBHOOK} w SET active = false FROM {{rows}} r WHERE w.id = r.owner_id AND w.active",
    access=True,
)
KINDS = {kind.name: kind for kind in (OPT_OUT, CONSENT_WITHDRAWN, LISTED, STAFF_CLOSED, CLIENT_REVOKED, WEBHOOK_PAUSED)}
