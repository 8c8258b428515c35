from retention.core.accounts.models import Branch, Team, User
from retention.core.alerts.models import Alert
from retention.core.api.models import ApiClient, ApiKey, SignedRequest
from retention.core.audit.models import AuditEntry
from retention.core.exports.models import ListExport
from retention.core.jobs.models import Job, JobStep
from retention.core.notices.models import Notice, NoticePreference
from retention.core.webhooks.models import Delivery, OutboxEvent, Webhook

__all__ = [
    "Alert",
    "ApiClient",
    "ApiKey",
    "AuditEntry",
    "Branch",
    "Delivery",
    "Job",
    "JobStep",
    "ListExport",
    "Notice",
    "NoticePreference",
    "OutboxEvent",
    "SignedRequest",
    "Team",
    "User",
    "Webhook",
]
