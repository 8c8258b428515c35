"""Addresses of the lines behind the numbers of segments."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from campaigns.segments.rules import OUTSIDE


def lines_url(code: str, place: str, *, month: date | None = None, branch: str = "") -> str:
    """The address of the lines of a place: now, or at a month end."""
    args = [code, place, *([str(month)] if month else [])]
    return _with_branch(reverse("segments:lines-at" if month else "segments:lines", args=args), branch)


def moved_url(code: str, before: str, after: str, *, month: date, branch: str = "") -> str:
    """The address of the lines of a movement; "" stands for outside."""
    args = [code, str(month), before or OUTSIDE, after or OUTSIDE]
    return _with_branch(reverse("segments:moved", args=args), branch)


def _with_branch(address: str, branch: str) -> str:
    return f"{address}?{urlencode({'branch': branch})}" if branch else address
