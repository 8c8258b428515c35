"""The Celery application. Tasks are found in each app's tasks.py; the schedule is below, where one reads it."""

import logging.config
import os

from celery import Celery, signals

from retention import loading
from retention.env import ROOT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retention.settings")


# The receivers are called in this order: this one, Celery's own, which loads Django, the tasks', and the last below.
@signals.import_modules.connect
def begin_loading(**kwargs: object) -> None:
    loading.begin()


app = Celery("retention")
app.config_from_object("django.conf:settings", namespace="CELERY")


def packages_with_tasks() -> list[str]:
    """Every package of the product that has a tasks.py, so that a new feature's tasks are found without a list."""
    apps = ("retention", "customers", "campaigns", "workorders", "analytics")
    return [
        ".".join(file.parent.relative_to(ROOT).parts)
        for name in apps
        for file in sorted((ROOT / name).rglob("tasks.py"))
    ]


app.autodiscover_tasks(packages_with_tasks)


@signals.import_modules.connect
def end_loading(**kwargs: object) -> None:
    loading.end()


# Names of the previous release: its messages may still be queued, and its beat may still send some. They
# go with the next release.
RENAMED_TASKS = {
    "analytics.lists.tasks.send_lists": "analytics.warnings.tasks.send_lists",
    "analytics.tasks.hold_contest": "analytics.churn.tasks.hold_contest",
    "analytics.tasks.hold_contest_when_due": "analytics.churn.tasks.hold_contest_when_due",
    "analytics.tasks.join_scoring": "retention.core.jobs.tasks.join_work",
    "analytics.churn.tasks.join_scoring": "retention.core.jobs.tasks.join_work",
    "analytics.tasks.retrain_accepted": "analytics.monitoring.tasks.retrain_accepted",
    "customers.tasks.drop_old_bodies": "customers.batches.tasks.drop_old_bodies",
    "customers.tasks.load_batches": "customers.batches.tasks.load_batches",
    "retention.core.tasks.deliver_webhooks": "retention.core.webhooks.tasks.deliver_webhooks",
    "retention.core.tasks.purge_outbox": "retention.core.webhooks.tasks.purge_outbox",
    "retention.core.tasks.purge_signatures": "retention.core.api.tasks.purge_signatures",
}


@signals.celeryd_after_setup.connect
def answer_to_old_names(**kwargs: object) -> None:
    for old, new in RENAMED_TASKS.items():
        app.tasks[old] = app.tasks[new]


# Beat may run zero, one or three times: each task only triggers; the unique job row decides whether anything is done.
app.conf.beat_schedule = {
    "nightly-when-due": {"task": "retention.tasks.ensure_nightly", "schedule": 300.0},
    "reconcile": {"task": "retention.tasks.reconcile", "schedule": 30.0},
    "webhooks": {
        "task": "retention.core.webhooks.tasks.deliver_webhooks",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
    "purge-signatures": {"task": "retention.core.api.tasks.purge_signatures", "schedule": 600.0},
    "purge-batches": {"task": "customers.batches.tasks.drop_old_bodies", "schedule": 24 * 3600.0},
    "purge-outbox": {"task": "retention.core.webhooks.tasks.purge_outbox", "schedule": 24 * 3600.0},
    "purge-uploads": {"task": "customers.imports.tasks.drop_old_uploads", "schedule": 24 * 3600.0},
    "purge-exports": {"task": "retention.core.exports.tasks.drop_old_exports", "schedule": 24 * 3600.0},
    "judge-waiting-rows": {
        "task": "customers.batches.tasks.judge_waiting",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    "offer-reservations": {
        "task": "campaigns.offers.tasks.end_reservations",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "load-batches": {"task": "customers.batches.tasks.load_batches", "schedule": 10.0},
    "purge-sign-ins": {
        "task": "retention.core.accounts.tasks.purge_sign_in_failures",
        "schedule": 24 * 3600.0,
    },
    "purge-messages": {"task": "campaigns.messages.tasks.purge_messages", "schedule": 24 * 3600.0},
    "purge-notices": {"task": "retention.core.notices.tasks.purge_notices", "schedule": 24 * 3600.0},
    "mail-notices": {
        "task": "retention.core.notices.tasks.mail_notices",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "react": {"task": "retention.tasks.react", "schedule": 20.0, "options": {"expires": 60}},
    "send-messages": {
        "task": "campaigns.messages.tasks.send_messages",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
    "mail-lists": {"task": "analytics.warnings.tasks.send_lists", "schedule": 300.0, "options": {"expires": 300}},
    "retrain-accepted": {
        "task": "analytics.monitoring.tasks.retrain_accepted",
        "schedule": 300.0,
        "options": {"expires": 240},
    },
    "contest": {"task": "analytics.churn.tasks.hold_contest_when_due", "schedule": 900.0, "options": {"expires": 600}},
    "end-stale-pauses": {
        "task": "workorders.pauses.tasks.end_stale_pauses",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "cover-absent-agents": {
        "task": "workorders.absences.tasks.cover_absent_agents",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "bulk-actions": {
        "task": "workorders.supervision.tasks.run_bulk_actions",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "follow-calls": {"task": "workorders.telephony.tasks.follow_calls", "schedule": 15.0, "options": {"expires": 15}},
    "release-orders": {"task": "workorders.orders.tasks.release_orders", "schedule": 10.0, "options": {"expires": 20}},
    "campaigns": {
        "task": "workorders.orders.tasks.open_campaign_orders",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "campaign-messages": {
        "task": "campaigns.campaigns.tasks.queue_campaign_messages",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "clocks": {"task": "workorders.clocks.tasks.tell_of_clocks", "schedule": 60.0, "options": {"expires": 60}},
    "stale-clocks": {
        "task": "workorders.clocks.tasks.reckon_stale_clocks",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "inspections": {
        "task": "workorders.inspections.tasks.lay_out_inspections",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "draw-reviews": {
        "task": "workorders.quality.tasks.draw_reviews",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
    "heartbeat": {"task": "retention.tasks.heartbeat", "schedule": 30.0},
}


@signals.setup_logging.connect
def use_our_logging(**kwargs: object) -> None:
    """Celery's own lines go out as ours do: structured, phone numbers masked."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
