"""The words by which a customer's name is found: all that it ends with, as written, as pinyin and as initials.

王小明 is found by what 王小明, 小明, 明, wangxiaoming, xiaoming, ming, wxm, xm and m begin with. A name is worked out
once, however many customers bear it and however often it is sent again.
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from customers.facts.models import Customer, CustomerName
from customers.facts.name_words import LONGEST_WORD, spell

NAME_TABLE, CUSTOMER_TABLE = CustomerName._meta.db_table, Customer._meta.db_table
IDS_AT_ONCE = 20_000

# Names of `{source}` that are not known yet; folded as searches are.
_NEW_NAMES = f"""
    SELECT DISTINCT c.name, lower(regexp_replace(c.name, '\\s', '', 'g')) AS folded
    FROM {{source}} c WHERE NOT EXISTS (SELECT FROM {NAME_TABLE} k WHERE k.name = c.name)
"""
_LETTERS_SQL = f"SELECT DISTINCT regexp_split_to_table(folded, '') FROM ({_NEW_NAMES}) new"
_INSERT_SQL = f"""
    INSERT INTO {NAME_TABLE} (name, words)
    SELECT name, array_to_tsvector(array_remove(
        array_agg(word) || array_agg(spelled) || array_agg(initials)
        || array_agg(first || substr(spelled, length(syllable) + 1)) FILTER (WHERE place = 1)
        || array_agg(left(first, 1) || substr(initials, 2)) FILTER (WHERE place = 1), ''))
    FROM (
        SELECT name, place, syllable, first, string_agg(letter, '') OVER onward AS word,
               string_agg(syllable, '') OVER onward AS spelled,
               string_agg(left(syllable, 1), '') OVER onward AS initials
        FROM (
            SELECT new.name, l.place, l.letter, coalesce(s.syllable, l.letter) AS syllable,
                   coalesce(s.surname, l.letter) AS first
            FROM ({_NEW_NAMES}) new
            CROSS JOIN LATERAL regexp_split_to_table(new.folded, '') WITH ORDINALITY l(letter, place)
            LEFT JOIN unnest(%(letters)s::text[], %(syllables)s::text[], %(surnames)s::text[])
                s(letter, syllable, surname) ON s.letter = l.letter
        ) letters
        WINDOW onward AS (PARTITION BY name ORDER BY place ROWS BETWEEN CURRENT ROW AND {LONGEST_WORD - 1} FOLLOWING)
    ) ends
    GROUP BY name ORDER BY name ON CONFLICT (name) DO NOTHING
"""


def index_names(cursor: CursorWrapper, source: str) -> int:
    """Work out the words of the names in the column `name` of `source`, a table or a subselect; returns how many were
    new. Two statements for any number of rows."""
    cursor.execute(_LETTERS_SQL.format(source=source))
    letters, syllables, surnames = spell(letter for (letter,) in cursor.fetchall())
    spelling = {"letters": list(letters), "syllables": list(syllables), "surnames": list(surnames)}
    cursor.execute(_INSERT_SQL.format(source=source), spelling)
    return cursor.rowcount


def index_stored_names() -> None:
    """Those of all customers, a range of ids at a time; run again it finds only what is left."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM {CUSTOMER_TABLE}")
        first, last = cursor.fetchone()
        for low in range(first, last + 1, IDS_AT_ONCE):
            index_names(
                cursor, f"(SELECT name FROM {CUSTOMER_TABLE} WHERE id BETWEEN {low} AND {low + IDS_AT_ONCE - 1})"
            )


def drop_unborne_names() -> int:
    """Forget the names that no customer bears any more; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {NAME_TABLE} n WHERE NOT EXISTS (SELECT FROM {CUSTOMER_TABLE} c WHERE c.name = n.name)"
        )
        return cursor.rowcount
