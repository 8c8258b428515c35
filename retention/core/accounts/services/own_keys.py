"""The keys that a person has chosen for themselves; nobody chooses those of somebody else."""

from django.db import transaction

from retention.core.accounts.keys import check_keys, written
from retention.core.accounts.models import User


@transaction.atomic
def save_own_key(*, user: User, default: str, own: str) -> dict[str, str]:
    """Let `own` do what `default` does for the user; "" goes back to the default. All own keys of the user.

    Invalid as `check_keys`. Two windows of one person keep each other's keys.
    """
    row = User.objects.select_for_update().only("own_keys").get(pk=user.pk)
    key = written(default, field="default")
    kept = {default: own for default, own in row.own_keys.items() if default != key}
    row.own_keys = check_keys({**kept, key: own} if own else kept)
    row.save(update_fields=["own_keys"])
    user.own_keys = row.own_keys
    return row.own_keys
