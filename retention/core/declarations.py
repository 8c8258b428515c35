"""What the core itself declares: its audit actions, and the scope and tag of the webhook endpoints.

Lock spaces of the core are declared where they are used.
"""

from retention.core.audit import services as audit

audit.declare_actions(
    "api_client.change", "export", "preference.change", "staff.change", "webhook.change", "webhook.resend"
)
