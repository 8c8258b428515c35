"""Telling other systems what happened: written with the deed, sent afterwards, again and again until it is heard.

publish() writes rows in the caller's transaction; relay.deliver_due() sends them. Celery messages only hint.
"""

from retention.core.models.outbox import EventName
from retention.core.outbox.publishing import has_listeners, publish, publish_many, publish_query

__all__ = ["EventName", "has_listeners", "publish", "publish_many", "publish_query"]
