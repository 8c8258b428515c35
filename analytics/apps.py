from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = _("Analytics")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from analytics import declarations  # noqa: F401
        from analytics.backtests.panels import register as register_backtests
        from analytics.churn.field_uses import models_using
        from analytics.churn.text import SENTENCES
        from analytics.circles.panels import register as register_circles
        from analytics.effects.panels import register as register_effects
        from analytics.evaluation.memberships import register as register_uplift
        from analytics.evaluation.panels import register as register_evaluation
        from analytics.kpis.field_uses import kpis_using
        from analytics.kpis.figures import register_figures
        from analytics.monitoring.defaults import register_alert_kinds
        from analytics.offer_values.queries import CurrentValues
        from analytics.plan_fit.panels import register as register_plan_fit
        from analytics.valuation.queries import contact_cost
        from analytics.whatif import panels
        from campaigns.offers.forecasts import LINE_VALUES
        from campaigns.scenarios.forecasts import COSTS
        from customers.fields.uses import FIELD_USERS, Users
        from customers.profile.text import REASONS

        REASONS.extend(SENTENCES.values())
        COSTS.declare("contacts", contact_cost)
        LINE_VALUES.declare("lines", CurrentValues)
        register_plan_fit()
        register_backtests()
        register_effects()
        register_evaluation()
        register_uplift()
        register_circles()
        panels.register()
        register_alert_kinds()
        register_figures()
        FIELD_USERS.declare("models", Users(_("Churn model"), models_using))
        FIELD_USERS.declare("kpis", Users(_("Indicators"), kpis_using))
