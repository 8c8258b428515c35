"""Taking a batch in: counted, kept and answered in one short transaction. Nothing is loaded here."""

import hashlib
import zlib
from datetime import datetime

import orjson
from django.conf import settings
from django.db import connection, transaction

from customers.batches.reading import count_rows
from customers.ingest import resource_named
from customers.models import BatchBody, IngestBatch
from retention.core.errors import Conflict, Invalid, TooLarge, TooMany
from retention.core.hints import hint
from retention.core.locks import Space
from retention.core.models import ApiClient

MOST_ROWS = 50_000
RETRY_AFTER = 5
KEY_LOCK = Space.IDEMPOTENCY_KEY
TASK = "customers.tasks.load_batches"


@transaction.atomic
def accept(
    *, client: ApiClient, resource: str, body: bytes, media_type: str, idempotency_key: str, now: datetime
) -> IngestBatch:
    """Keep a batch for loading; the same request again gives the batch of the first time.

    Invalid: the key was used for another body. Conflict: a request with this key is being answered right now.
    TooLarge: more than MOST_ROWS rows. TooMany: more than BATCH_ROWS_WAITING rows wait. NotFound: no such resource.
    """
    described = resource_named(resource)
    _only_one_at_a_time(client, idempotency_key)
    digest = hashlib.sha256(f"{resource}\n{media_type}\n".encode() + body).hexdigest()
    known = IngestBatch.objects.of_client(client).filter(idempotency_key=idempotency_key).first()
    if known is not None:
        if known.body_sha256 != digest:
            raise Invalid("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
        return known
    rows = count_rows(body, media_type, described)
    if rows > MOST_ROWS:
        raise TooLarge(f"A batch may hold at most {MOST_ROWS} rows; this one holds {rows}.", code="too_many_rows")
    if not rows:
        raise Invalid("The batch holds no rows.", code="empty_batch")
    _check_room(rows)
    batch = IngestBatch(
        client=client,
        resource=resource,
        media_type=media_type,
        idempotency_key=idempotency_key,
        body_sha256=digest,
        received=rows,
        created_at=now,
    )
    batch.answer = orjson.dumps(first_answer(batch))
    batch.save(force_insert=True)
    # Packing costs less than carrying the text to the database and back.
    BatchBody.objects.create(batch=batch, content=zlib.compress(body, 1))
    hint(TASK)
    return batch


def first_answer(batch: IngestBatch) -> dict:
    """The body of the 202."""
    return {"id": str(batch.number), "resource": batch.resource, "state": batch.state, "received": batch.received}


def _only_one_at_a_time(client: ApiClient, idempotency_key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [KEY_LOCK, f"{client.pk} {idempotency_key}"]
        )
        if not cursor.fetchone()[0]:
            raise Conflict(
                "A request with this Idempotency-Key is being answered.",
                code="in_progress",
                headers={"Retry-After": "1"},
            )


def _check_room(rows: int) -> None:
    waiting = IngestBatch.objects.rows_waiting()
    if waiting + rows > settings.BATCH_ROWS_WAITING:
        raise TooMany(f"{waiting} rows wait to be loaded.", code="too_much_waiting", retry_after=RETRY_AFTER)
