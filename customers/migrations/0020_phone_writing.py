"""Phone numbers stored before are put in the one way of writing them (retention.core.identifiers.canonical_phone)."""

from django.db import migrations

FULL_WIDTH = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F))
PLAIN = "".join(map(chr, range(0x21, 0x7F)))
BETWEEN_DIGITS = (
    r"[\s()\u00a0\u2000-\u200a\u202f\u205f\u3000\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
    r"\u2010-\u2015\u2212-]+"
)
SIGNS = {"full_width": FULL_WIDTH, "plain": PLAIN, "between": BETWEEN_DIGITS}
IDS_AT_ONCE = 20_000
COLUMNS = (("customers_subscriber", "phone_number"), ("customers_customer", "contact_phone"))


def rewrite_sql(table: str, column: str) -> str:
    """Only rows in another writing are touched, and those that are no phone number in any stay."""
    return rf"""
        UPDATE {table} SET {column} = written.number
        FROM (
            SELECT id, CASE
                WHEN digits ~ '^\+86(1[0-9]{{10}}|0.*|[48]00.*|.{{1,7}})$' THEN substr(digits, 4)
                WHEN digits ~ '^\+86' THEN '0' || substr(digits, 4)
                WHEN digits ~ '^861[0-9]{{10}}$' THEN substr(digits, 3)
                ELSE digits END AS number
            FROM (
                SELECT id, regexp_replace(regexp_replace(regexp_replace(
                    translate({column}, %(full_width)s, %(plain)s), %(between)s, '', 'g'),
                    '^([0-9]{{5,}})\.0+$', '\1'), '^00(?=[1-9])', '+') AS digits
                FROM {table} WHERE id BETWEEN %(low)s AND %(high)s
                    AND ({column} ~ '[^0-9]' OR {column} ~ '^(00[1-9]|861[0-9]{{10}}$)')
            ) odd
        ) written
        WHERE written.id = {table}.id AND written.number <> {table}.{column} AND written.number ~ '^\+?[0-9]{{5,20}}$'
    """


def rewrite(apps, schema_editor):
    """A range of ids at a time, each committed by itself; run again it finds only what is left."""
    for table, column in COLUMNS:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM {table}")
            first, last = cursor.fetchone()
            for low in range(first, last + 1, IDS_AT_ONCE):
                ids = {"low": low, "high": low + IDS_AT_ONCE - 1}
                cursor.execute(rewrite_sql(table, column), {**ids, **SIGNS})


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("customers", "0019_consent_words")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
