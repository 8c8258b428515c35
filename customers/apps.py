from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from customers import checks, declarations  # noqa: F401  (each registers what it declares)
        from customers.batches.rules import WAITING_ROWS
        from customers.batches.services.counts import count_outcomes
        from customers.ingest.services import outcomes
        from customers.page360.queries.identity import line_addresses
        from retention.core.alerts.rules import declare_kinds
        from retention.core.ui.references import REFERENCES

        declare_kinds([WAITING_ROWS])
        REFERENCES.declare("subscriber", line_addresses)
        outcomes.follow(count_outcomes)
