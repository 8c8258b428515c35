"""Whose member a line is: of the running snapshot cohorts 拍照用户 the newest, by `campaigns.cohorts`.

A line that another customer has taken over is nobody's member. A freezing and a handing over show from the next build on.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.fields.base import Area, Kind, ProfileField, Source
from customers.fields.coded_rows import COHORTS

COHORT_MEMBERS = Source(
    "cohort_members",
    """
    SELECT g.subscriber_id, {columns}
    FROM (
        SELECT DISTINCT ON (m.subscriber_id) m.subscriber_id, c.code, o.username AS owner
        FROM customers_cohortmember m
        JOIN customers_cohort c ON c.id = m.cohort_id AND c.enabled
        JOIN customers_subscriber s ON s.id = m.subscriber_id
        JOIN customers_account a ON a.id = s.account_id AND a.customer_id = m.customer_id
        LEFT JOIN core_user o ON o.id = m.owner_id
        WHERE m.subscriber_id BETWEEN %(lo)s AND %(hi)s
        ORDER BY m.subscriber_id, c.frozen_on DESC, c.id DESC
    ) g
    """,
)


def field(key: str, label: object, kind: Kind, sql: str, **more: Any) -> ProfileField:
    return ProfileField(key, label, kind, Area.SEGMENT, "cohort_members", sql, **more)


SOURCES = [COHORT_MEMBERS]
FIELDS = [
    field("in_cohort", _("Member of a snapshot cohort"), Kind.FLAG, "true", absent="false"),
    field("cohort_code", _("Snapshot cohort"), Kind.CHOICE, "g.code", rows=COHORTS, dimension=True),
    field("cohort_owner", _("Owner in the snapshot cohort"), Kind.CHOICE, "g.owner"),
]
