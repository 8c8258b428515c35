from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "retention.core"
    label = "core"
    verbose_name = _("Administration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from retention.core import declarations  # noqa: F401
        from retention.core.exports.views import start_export
        from retention.core.health import checks as health_checks  # noqa: F401  (registers the system checks)
        from retention.core.ui.listing import set_background_export

        set_background_export(start_export)
