from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "retention.portal"
    label = "portal"
    verbose_name = _("Home")

    def ready(self) -> None:
        from retention.portal import declarations  # noqa: F401
