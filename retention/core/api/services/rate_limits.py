"""Rate limit of a client: a token bucket in its row, so that the limit is exact over any number of servers."""

import math

from django.db import connection

from retention.core.api.models import ApiClient
from retention.core.errors import TooMany

_TOKENS_LEFT = (
    "CASE WHEN refilled_at IS NULL THEN burst ELSE least(burst, tokens + rate_per_second"
    " * greatest(0, extract(epoch FROM clock_timestamp() - refilled_at))) END"
)
_TAKE_TOKEN = f"""
UPDATE {ApiClient._meta.db_table}
SET tokens = {_TOKENS_LEFT} - 1, refilled_at = clock_timestamp(), last_used_at = clock_timestamp()
WHERE id = %s AND {_TOKENS_LEFT} >= 1
"""


def take_token(client: ApiClient) -> None:
    """Take one request from the client's bucket; TooMany, with the seconds to wait, when it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_TOKEN, [client.pk])
        if cursor.rowcount:
            return
    raise TooMany(
        f"More than {client.rate_per_second} requests a second.",
        code="rate_limited",
        retry_after=max(1, math.ceil(1 / max(client.rate_per_second, 1))),
    )
