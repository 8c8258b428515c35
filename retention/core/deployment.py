"""System checks of the environment. `manage.py check --deploy` adds what works on a desk and fails in service."""

from collections.abc import Iterator

from django.conf import settings
from django.core import checks

from retention import env

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


@checks.register(checks.Tags.compatibility)
def hours_are_hours(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
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
