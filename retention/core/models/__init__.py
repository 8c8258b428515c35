from retention.core.models.audit import AuditEntry
from retention.core.models.clients import ApiClient, ApiKey, Scope, SignedRequest
from retention.core.models.jobs import Job, JobStep
from retention.core.models.outbox import Delivery, EventName, OutboxEvent, Webhook
from retention.core.models.staff import Branch, Team, User

__all__ = [
    "ApiClient",
    "ApiKey",
    "AuditEntry",
    "Branch",
    "Delivery",
    "EventName",
    "Job",
    "JobStep",
    "OutboxEvent",
    "Scope",
    "SignedRequest",
    "Team",
    "User",
    "Webhook",
]
