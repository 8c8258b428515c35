"""Counts of notices for the header."""

from django.http import HttpRequest

from retention.core.accounts.models import User
from retention.core.notices.models import Notice

# Counting stops here, so that a person who never reads costs no more than others; the bell shows "99+".
MOST_COUNTED = 100
KEPT_AS = "unread_notices"


def unread_count(request: HttpRequest) -> int:
    """Unread notices of the signed-in person, at most MOST_COUNTED; kept on the request."""
    kept = getattr(request, KEPT_AS, None)
    if kept is None:
        user = getattr(request, "user", None)
        kept = Notice.objects.of(user).unread()[:MOST_COUNTED].count() if isinstance(user, User) else 0
        setattr(request, KEPT_AS, kept)
    return kept
