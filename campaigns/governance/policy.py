from collections.abc import Mapping

from django.db import transaction

from campaigns.models import ContactPolicy
from retention.core import audit
from retention.core.models import User


@transaction.atomic
def save_policy(*, policy: ContactPolicy, actor: User, changes: Mapping[str, str]) -> None:
    """Put the policy in force; `changes` ({field: new value}) go to the audit trail."""
    policy.save()
    audit.record(actor=actor, action="contact_policy.change", target="contactpolicy", changes=dict(changes))
