from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = _("Analytics")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from analytics import declarations  # noqa: F401
        from analytics.churn.text import SENTENCES
        from analytics.circles.panels import register as register_circles
        from analytics.kpis.figures import register_figures
        from analytics.monitoring.defaults import register_alert_kinds
        from analytics.plan_fit.panels import register as register_plan_fit
        from analytics.whatif import panels
        from customers.profile.text import REASONS

        REASONS.extend(SENTENCES.values())
        register_plan_fit()
        register_circles()
        panels.register()
        register_alert_kinds()
        register_figures()
