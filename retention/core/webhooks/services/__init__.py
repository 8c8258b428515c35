"""Publishing events, delivering them, and managing webhooks.

`publishing.publish` writes rows in the caller's transaction; `relay.deliver_due`, run by a Celery task, sends them."""
