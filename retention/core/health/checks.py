"""System checks: every page names its permission, PostgreSQL, and the environment (`check --deploy`)."""

from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from retention import env


def own_views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, object]]:
    """(path, view) of every page of this product's own code."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from own_views(entry, path)
        elif isinstance(entry, URLPattern):
            view = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", entry.callback)
            if view.__module__.split(".")[0] in settings.OWN_PACKAGES:
                yield path, view


@checks.register()
def every_view_names_its_permission(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [
        checks.Error(f"The view of /{path} names no permission.", hint="Use @require(...) or @public.", id="core.E001")
        for path, view in own_views()
        if getattr(view, "required_permission", None) is None and not has_scope(view)
    ]


def has_scope(view: object) -> bool:
    """Whether an API endpoint declares a scope for the view or for each of its methods."""
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


LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


@checks.register(checks.Tags.compatibility)
def nightly_hour_in_range(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    if 0 <= settings.NIGHTLY_HOUR <= 23:
        return []
    return [checks.Error("NIGHTLY_HOUR must be an hour from 0 to 23.", id="core.E101")]


@checks.register(checks.Tags.security, deploy=True)
def ready_for_service(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return list(_findings())


def _findings() -> Iterator[checks.CheckMessage]:
    if settings.LOCAL:
        yield checks.Warning("RETENTION_LOCAL is set: cookies and pages go without HTTPS.", id="core.W101")
    if not env.text("DATABASE_URL"):
        yield checks.Warning("DATABASE_URL is not set: the embedded PostgreSQL is for one machine.", id="core.W102")
    if not env.text("REDIS_URL"):
        yield checks.Warning("REDIS_URL is not set: other machines cannot reach the embedded Valkey.", id="core.W103")
    if set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        yield checks.Warning("ALLOWED_HOSTS names only this machine: others get status 400.", id="core.W104")
    if settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER:
        yield checks.Warning(
            "Pages redirect to HTTPS, but BEHIND_PROXY is not set.",
            hint="The web server speaks plain HTTP: without the proxy's X-Forwarded-Proto pages redirect for ever.",
            id="core.W105",
        )
