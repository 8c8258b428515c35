from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkordersConfig(AppConfig):
    name = "workorders"
    verbose_name = _("Work orders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from campaigns.campaigns.channels import CONTACT_CHANNELS, PROGRESS, WAVE_TASKS
        from campaigns.scenarios.forecasts import WORKLOADS
        from customers.lists.models import ListEntry
        from retention.core.accounts.services.sign_in import SIGN_OUT_FOLLOW_UPS
        from retention.core.accounts.services.staff import STAFF_FOLLOW_UPS
        from retention.core.alerts.rules import declare_kinds
        from retention.core.staff.panels import PERSON_PANELS
        from workorders import declarations  # noqa: F401
        from workorders.absences.panels import absence_panel
        from workorders.absences.services.leaving import reserve_anew
        from workorders.allocation.panels import skills_panel
        from workorders.allocation.queries import RESERVED_COUNTS
        from workorders.clocks.alerts import CLOCKS_BREACHED
        from workorders.clocks.services.refreshing import follow_move
        from workorders.inbound import panels as inbound_panels
        from workorders.knowledge import panels as knowledge_panels
        from workorders.order_types.queries import ORDER_COUNTS
        from workorders.order_types.stages import COMPILERS
        from workorders.orders import panels
        from workorders.orders.effects import AFTER_CLOSING, AFTER_CONTACT
        from workorders.orders.flow import routes
        from workorders.orders.queries import count_open_by_type, count_reserved_by_rule, progress_of, workload_of
        from workorders.orders.services import effects
        from workorders.orders.services.campaign_opening import take_back_orders
        from workorders.orders.services.claiming import release_desk_of, release_orders_of
        from workorders.orders.services.exceptions import answer_waiting
        from workorders.orders.services.follow_ups import FOLLOW_UPS
        from workorders.pauses.services import begin_wrap_up, end_pause_of, end_pause_of_leaver
        from workorders.saved_views.queries import PAGES
        from workorders.telephony.services.calling import hang_up_of, hang_up_of_leaver

        PAGES.declare("orders", "workorders:supervise")
        panels.register()
        knowledge_panels.register()
        inbound_panels.register()
        effects.register()
        PERSON_PANELS.declare("skills", skills_panel)
        PERSON_PANELS.declare("absences", absence_panel)
        AFTER_CLOSING.declare("hand_over", answer_waiting)
        AFTER_CONTACT.declare("wrap_up", begin_wrap_up)
        COMPILERS.declare("routes", routes)
        declare_kinds([CLOCKS_BREACHED])
        FOLLOW_UPS.declare("clocks", follow_move)
        CONTACT_CHANNELS.declare(ListEntry.Channel.CALL.value, take_back_orders)
        WAVE_TASKS.declare("orders", "workorders.orders.tasks.open_campaign_orders")
        PROGRESS.declare("orders", progress_of)
        RESERVED_COUNTS.declare("waiting", count_reserved_by_rule)
        ORDER_COUNTS.declare("open", count_open_by_type)
        WORKLOADS.declare("orders", workload_of)
        STAFF_FOLLOW_UPS.declare("orders", release_orders_of)
        STAFF_FOLLOW_UPS.declare("reservations", reserve_anew)
        SIGN_OUT_FOLLOW_UPS.declare("calls", hang_up_of)
        SIGN_OUT_FOLLOW_UPS.declare("orders", release_desk_of)
        SIGN_OUT_FOLLOW_UPS.declare("pauses", end_pause_of)
        STAFF_FOLLOW_UPS.declare("pauses", end_pause_of_leaver)
        STAFF_FOLLOW_UPS.declare("calls", hang_up_of_leaver)
