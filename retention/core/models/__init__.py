from retention.core.models.audit import AuditEntry
from retention.core.models.jobs import Job, JobStep
from retention.core.models.staff import Branch, Team, User

__all__ = ["AuditEntry", "Branch", "Job", "JobStep", "Team", "User"]
