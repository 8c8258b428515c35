"""Numbers that other apps give out (orders, campaigns): the search box finds them without knowing those apps.

An app registers a resolver when it is ready; it gets the person and the text, and gives the address of the one thing
that has this number and that the person may see, or nothing.
"""

from collections.abc import Callable

from retention.core.accounts.models import User

Resolver = Callable[[User, str], str | None]
_resolvers: list[Resolver] = []


def register_resolver(resolver: Resolver) -> Resolver:
    """Also usable as a decorator. Registering again changes nothing."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)
    return resolver


def resolve_number(user: User, text: str) -> str | None:
    """The address behind `text`, from the first app that recognises the number."""
    return next((url for url in (resolver(user, text) for resolver in _resolvers) if url), None)
