"""The catalogue as SQL: one SELECT a source, joined on the spine, derived fields on top."""

from customers import fields
from customers.fields.base import ProfileField, Source
from customers.fields.usage import RECENT_FROM_MONTH
from customers.profile.windows import Windows

SPINE = fields.SOURCES["line"]
KEYS = "s.account_id, a.customer_id, s.branch_id"


def source_sql(source: Source, *, extra: str = "") -> str:
    columns = ", ".join([*(f"{f.sql} AS {f.key}" for f in fields.of_source(source.name)), *([extra] if extra else [])])
    return source.sql.replace("{columns}", columns)


def select_profile(windows: Windows, *, wanted: list[ProfileField]) -> str:
    """SELECT subscriber_id, customer_id, branch_id, as_of, attributes, then `wanted` in order.

    Parameters: those of Windows, and lo, hi (subscriber ids).
    """
    others = [source for name, source in fields.SOURCES.items() if name != SPINE.name]
    ctes = [f"line AS MATERIALIZED ({source_sql(SPINE, extra=KEYS)})"]
    for source in others:
        chosen = RECENT_FROM_MONTH if source.name == "usage_recent" and not windows.recent_by_day else source
        ctes.append(f"{source.name} AS MATERIALIZED ({source_sql(chosen)})")
    ctes.append(ATTRIBUTES)
    raw = [f"coalesce({f.source}.{f.key}, {f.absent}) AS {f.key}" for f in fields.FIELDS.values() if f.source != "derived"]
    joins = " ".join(f"LEFT JOIN {source.name} USING (subscriber_id)" for source in others)
    ctes.append(
        "raw AS (SELECT line.subscriber_id, line.customer_id, line.branch_id, attribute_values.attributes, "
        f"{', '.join(raw)} FROM line {joins} LEFT JOIN attribute_values USING (subscriber_id))"
    )
    # Derived fields may build on earlier derived ones: each is a lateral step, in the catalogue's order.
    steps = " ".join(
        f"CROSS JOIN LATERAL (SELECT ({f.sql}) AS {f.key}) AS d_{f.key}"
        for f in fields.FIELDS.values()
        if f.source == "derived"
    )
    columns = ", ".join(f.key for f in wanted)
    return (
        f"WITH {', '.join(ctes)} SELECT subscriber_id, customer_id, branch_id, %(as_of)s::date AS as_of,"
        f" coalesce(attributes, '{{}}') AS attributes, {columns} FROM raw {steps}"
    )


ATTRIBUTES = """attribute_values AS MATERIALIZED (
    SELECT r.subscriber_id, jsonb_object_agg(f.key, r.value) AS attributes
    FROM customers_attribute r JOIN customers_customfield f ON f.id = r.field_id
    WHERE r.subscriber_id BETWEEN %(lo)s AND %(hi)s AND (r.as_of IS NULL OR r.as_of <= %(as_of)s)
    GROUP BY r.subscriber_id)"""
