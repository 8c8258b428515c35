"""The floor of ingest: COPY and an upsert of the same rows, as one would write them by hand."""

import io

from django.db import connection

from bench.usage import COLUMNS, MEASURES


def load_by_hand(text: io.BytesIO) -> None:
    updates = ", ".join(f"{name} = excluded.{name}" for name in MEASURES)
    measures = ", ".join(MEASURES)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            f"CREATE TEMP TABLE by_hand ON COMMIT DROP AS SELECT ''::text AS subscriber_no, day, {measures}"
            " FROM customers_usageday LIMIT 0"
        )
        cursor.copy_expert(f"COPY by_hand ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, HEADER)", text)
        cursor.execute(
            f"INSERT INTO customers_usageday (subscriber_id, day, {measures})"
            f" SELECT s.id, h.day, {', '.join(f'h.{name}' for name in MEASURES)} FROM by_hand h"
            f" JOIN customers_subscriber s USING (subscriber_no)"
            f" ON CONFLICT (subscriber_id, day) DO UPDATE SET {updates}"
        )
        cursor.execute("COMMIT")
