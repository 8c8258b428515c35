from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SimulatorConfig(AppConfig):
    """Without tables; an app only so that Django finds its command."""

    name = "retention.simulator"
    label = "simulator"
    verbose_name = _("Simulated operator")
