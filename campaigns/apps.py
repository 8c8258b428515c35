from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from campaigns import declarations, panels  # noqa: F401
        from campaigns.campaigns import memberships as campaign_memberships
        from campaigns.campaigns.channels import CONTACT_CHANNELS, PROGRESS, WAVE_TASKS
        from campaigns.campaigns.queries.messages import progress_of
        from campaigns.campaigns.services.messaging import ORIGIN, take_back_messages
        from campaigns.campaigns.services.notices import report_owner as report_campaign_owner
        from campaigns.care import occasions  # noqa: F401
        from campaigns.cohorts.services.allotment import share_out_again
        from campaigns.messages import scenario_templates
        from campaigns.messages.services.purging import COUNTED_ORIGINS
        from campaigns.scenarios import memberships
        from campaigns.scenarios.services.owners import report_owner
        from campaigns.segments.text import FLOW_ALERT
        from customers.lists.models import ListEntry
        from retention.core.accounts.services.staff import STAFF_FOLLOW_UPS
        from retention.core.alerts.rules import declare_kinds

        panels.register()
        for channel in (ListEntry.Channel.SMS, ListEntry.Channel.EMAIL, ListEntry.Channel.APP):
            CONTACT_CHANNELS.declare(channel.value, take_back_messages)
        PROGRESS.declare("messages", progress_of)
        COUNTED_ORIGINS.declare(ORIGIN, "progress of campaigns")
        WAVE_TASKS.declare("messages", "campaigns.campaigns.tasks.queue_campaign_messages")
        scenario_templates.register()
        memberships.register()
        campaign_memberships.register()
        STAFF_FOLLOW_UPS.declare("scenarios", report_owner)
        STAFF_FOLLOW_UPS.declare("campaigns", report_campaign_owner)
        declare_kinds([FLOW_ALERT])
        STAFF_FOLLOW_UPS.declare("cohort members", share_out_again)
