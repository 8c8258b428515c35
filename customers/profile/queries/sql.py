"""The catalogue as SQL: one SELECT a source, joined on the spine, derived fields on top."""

from collections.abc import Mapping

from customers import fields
from customers.credit.models import AccountCredit
from customers.credit.queries import CREDIT_SQL
from customers.fields.attributes import OWN_FIELDS_SQL
from customers.fields.base import ProfileField
from customers.fields.usage import RECENT_FROM_MONTH
from customers.profile.queries.windows import Windows

CREDIT_TABLE = AccountCredit._meta.db_table
SPINE = fields.SOURCES["line"]


def source_sql(sql: str, names: list[str]) -> str:
    """One pass for the fields and keys of all the sources in `names`."""
    columns = [f"{field.sql} AS {field.key}" for name in names for field in fields.of_source(name)]
    columns += [key for name in names for key in fields.SOURCES[name].keys]
    return sql.replace("{columns}", ", ".join(columns))


def as_ctes(shadows: Mapping[str, str] | None) -> list[str]:
    """Items of a WITH that stand for the tables they are named after."""
    return [f"{table} AS NOT MATERIALIZED ({query})" for table, query in (shadows or {}).items()]


def select_profile(windows: Windows, *, wanted: list[ProfileField], shadows: Mapping[str, str] | None = None) -> str:
    """SELECT subscriber_id, customer_id, branch_id, as_of, attributes, then `wanted` in order.

    shadows: tables as they stood on a past date (customers.profile.queries.point_in_time), read in place of today's;
    credit is then given anew, not read.
    Parameters: those of Windows, lo, hi (subscriber ids) and leaver_days, in which lines may have left.
    """
    ctes = as_ctes(shadows)
    if shadows is not None:
        ctes.append(f"{CREDIT_TABLE} AS MATERIALIZED ({CREDIT_SQL})")
    ctes.append(f"line AS MATERIALIZED ({source_sql(SPINE.sql, [SPINE.name])})")
    passes = _passes(windows)
    for sql, names in passes.items():
        ctes.append(f"{names[0]} AS MATERIALIZED ({source_sql(sql, names)})")
    ctes.append(f"attribute_values AS MATERIALIZED ({OWN_FIELDS_SQL})")
    alias = {name: names[0] for names in passes.values() for name in names} | {SPINE.name: SPINE.name}
    raw = [
        f"coalesce({alias[f.source]}.{f.key}, {f.absent}) AS {f.key}"
        for f in fields.FIELDS.values()
        if f.source != "derived"
    ]
    joins = " ".join(f"LEFT JOIN {names[0]} USING (subscriber_id)" for names in passes.values())
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


def _passes(windows: Windows) -> dict[str, list[str]]:
    """{SQL: sources}: sources that read the same rows share one pass."""
    found: dict[str, list[str]] = {}
    for source in fields.SOURCES.values():
        if source.name == SPINE.name:
            continue
        chosen = RECENT_FROM_MONTH if source.name == "usage_recent" and not windows.recent_by_day else source
        found.setdefault(chosen.sql, []).append(source.name)
    return found
