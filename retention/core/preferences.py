from django.db import transaction

from retention.core import audit
from retention.core.models import User


@transaction.atomic
def save_preferences(
    *, user: User, language: str | None = None, theme: str | None = None, shortcuts: bool | None = None
) -> User:
    """Keep what the person chose; None leaves as it is. The values are those of the model's choices."""
    chosen = {"language": language, "theme": theme, "shortcuts": shortcuts}
    changed = {name: value for name, value in chosen.items() if value is not None and value != getattr(user, name)}
    if changed:
        for name, value in changed.items():
            setattr(user, name, value)
        user.save(update_fields=list(changed))
        audit.record(actor=user, action="preference.change", target=f"user:{user.username}", **changed)
    return user
