"""What API clients may be allowed to do. The app that owns an endpoint declares the scope it needs."""

from dataclasses import dataclass

from django.utils.functional import Promise

from retention.core.registry import Registry


@dataclass(frozen=True)
class Scope:
    """label: what it allows, for administrators. whole_base: it covers every line, so its client has no branch."""

    label: Promise
    whole_base: bool = False


SCOPES: Registry[str, Scope] = Registry("API scope")
