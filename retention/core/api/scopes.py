"""Registry of the API scopes. The app that owns an endpoint declares the scope it needs."""

from dataclasses import dataclass

from django.utils.functional import Promise

from retention.core.registry import Registry


@dataclass(frozen=True)
class Scope:
    """label: for administrators. whole_base: it covers every line, so a client with it has no branch."""

    label: Promise
    whole_base: bool = False


SCOPES: Registry[str, Scope] = Registry("API scope")
