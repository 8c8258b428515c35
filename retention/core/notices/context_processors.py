"""The bell of every page's header."""

from functools import partial

from django.http import HttpRequest

from retention.core.notices.queries import unread_count


def notices(request: HttpRequest) -> dict:
    """`unread_notices`: a number, counted when a template first asks for it, once a request."""
    return {"unread_notices": partial(unread_count, request)}
