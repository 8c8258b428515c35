from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SimulatorConfig(AppConfig):
    """No tables of its own: an app so that its command is found."""

    name = "retention.simulator"
    label = "simulator"
    verbose_name = _("Simulated operator")
