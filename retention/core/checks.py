"""System checks that keep the house rules: every page names its permission."""

from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("retention", "customers", "campaigns", "workorders", "analytics")


def our_views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, object]]:
    """(path, view) of every page of this product's own code."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from our_views(entry, path)
        elif isinstance(entry, URLPattern):
            view = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", entry.callback)
            if view.__module__.split(".")[0] in OURS:
                yield path, view


@checks.register()
def every_view_names_its_permission(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [
        checks.Error(f"The view of /{path} names no permission.", hint="Use @require(...) or @public.", id="core.E001")
        for path, view in our_views()
        if getattr(view, "required_permission", None) is None and not has_scope(view)
    ]


def has_scope(view: object) -> bool:
    """Whether an endpoint for machines says which scope it needs, for every method when not for all at once."""
    methods = {name.upper() for name in getattr(view, "http_method_names", ()) if hasattr(view, name)}
    return bool(getattr(view, "scope", "")) or methods - {"OPTIONS"} <= set(getattr(view, "scopes", {}))


@checks.register()
def postgres_is_new_enough(
    app_configs: object, databases: object = None, **kwargs: object
) -> list[checks.CheckMessage]:
    engine = settings.DATABASES["default"]["ENGINE"]
    if not engine.endswith("postgresql"):
        return [checks.Error("Only PostgreSQL 16 or newer is supported.", id="core.E002")]
    return []
