"""Publishing events, delivering them, and managing webhooks.

`publishing.publish` writes rows in the caller's transaction; `relay.deliver_due` sends them. Celery only wakes it."""
