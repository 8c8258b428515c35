import django.core.validators
from django.db import migrations, models

# The plain life of an order as it was before types had stages of their own; frozen, as is what it compiles to.
STAGES = [
    {"key": "queued", "phase": "queued", "label": "Queued", "label_zh": "排队中"},
    {"key": "assigned", "phase": "assigned", "label": "Assigned", "label_zh": "已派发", "who": "work.do"},
    {"key": "in_progress", "phase": "in_progress", "label": "In progress", "label_zh": "处理中", "who": "work.do"},
    {"key": "waiting", "phase": "waiting", "label": "Appointment", "label_zh": "已预约", "who": "work.do"},
    {"key": "done", "phase": "done", "label": "Done", "label_zh": "已办结"},
    {"key": "cancelled", "phase": "cancelled", "label": "Cancelled", "label_zh": "已撤销"},
]
MOVES = [
    {"key": "complete", "from": ["assigned", "in_progress"], "to": "done", "via": "complete", "permission": "work.do", "label": "Complete", "label_zh": "办结", "needs": ["disposition"]},
    {"key": "retry", "from": ["assigned", "in_progress"], "to": "queued", "via": "retry", "permission": "work.do", "label": "Try again later", "label_zh": "稍后再试", "needs": ["disposition"]},
    {"key": "schedule", "from": ["assigned", "in_progress"], "to": "waiting", "via": "schedule", "permission": "work.do", "label": "Make an appointment", "label_zh": "预约", "needs": ["disposition"]},
    {"key": "defer", "from": ["queued", "assigned", "in_progress", "waiting"], "to": "queued", "via": "defer", "permission": "work.do", "label": "Defer until a date", "label_zh": "缓装", "needs": ["reason", "until"]},
    {"key": "to_pending", "from": ["queued", "assigned", "waiting"], "to": "queued", "via": "to_pending", "permission": "work.supervise", "label": "Back to pending", "label_zh": "转待装", "needs": ["reason"]},
    {"key": "return_unfit", "from": ["assigned", "in_progress"], "to": "cancelled", "via": "return_unfit", "permission": "work.do", "label": "Return as unfit", "label_zh": "退单", "needs": ["reason"]},
    {"key": "hand_over", "from": ["queued", "assigned", "in_progress", "waiting"], "to": "queued", "via": "hand_over", "permission": "work.do", "label": "Hand over to another branch", "label_zh": "异地协作", "needs": ["reason", "team", "until"]},
    {"key": "merge", "from": ["queued", "assigned", "in_progress", "waiting"], "to": "cancelled", "via": "merge", "permission": "work.supervise", "label": "Merge into another order", "label_zh": "合并工单", "needs": ["reason"]},
    {"key": "cancel", "from": ["queued", "assigned", "in_progress", "waiting"], "to": "cancelled", "via": "cancel", "permission": "work.supervise", "label": "Cancel", "label_zh": "撤单", "needs": ["reason"]},
]
ROUTES = {
    "": {"queued": ["queued"], "assigned": ["assigned"], "in_progress": ["in_progress"], "waiting": ["waiting"], "done": ["done"], "cancelled": ["cancelled"]},
    "queued": {"claim": ["assigned", ""], "reopen": ["assigned", ""], "adopt": ["queued", ""], "withdraw": ["cancelled", ""], "assign": ["assigned", ""], "route": ["queued", ""], "cancel": ["cancelled", "cancel"], "defer": ["queued", "defer"], "to_pending": ["queued", "to_pending"], "hand_over": ["queued", "hand_over"], "answer": ["queued", ""], "merge": ["cancelled", "merge"]},
    "assigned": {"claim": ["assigned", ""], "start": ["in_progress", ""], "complete": ["done", "complete"], "retry": ["queued", "retry"], "schedule": ["waiting", "schedule"], "put_back": ["queued", ""], "rest": ["queued", ""], "expire": ["queued", ""], "sign_off": ["queued", ""], "leave": ["queued", ""], "withdraw": ["cancelled", ""], "assign": ["assigned", ""], "route": ["queued", ""], "take_back": ["queued", ""], "cancel": ["cancelled", "cancel"], "defer": ["queued", "defer"], "to_pending": ["queued", "to_pending"], "return_unfit": ["cancelled", "return_unfit"], "hand_over": ["queued", "hand_over"], "merge": ["cancelled", "merge"]},
    "in_progress": {"complete": ["done", "complete"], "retry": ["queued", "retry"], "schedule": ["waiting", "schedule"], "expire": ["queued", ""], "sign_off": ["queued", ""], "leave": ["queued", ""], "withdraw": ["cancelled", ""], "assign": ["assigned", ""], "route": ["queued", ""], "take_back": ["queued", ""], "cancel": ["cancelled", "cancel"], "defer": ["queued", "defer"], "return_unfit": ["cancelled", "return_unfit"], "hand_over": ["queued", "hand_over"], "merge": ["cancelled", "merge"]},
    "waiting": {"claim": ["assigned", ""], "reopen": ["assigned", ""], "leave": ["queued", ""], "miss": ["queued", ""], "withdraw": ["cancelled", ""], "assign": ["assigned", ""], "route": ["queued", ""], "take_back": ["queued", ""], "cancel": ["cancelled", "cancel"], "defer": ["queued", "defer"], "to_pending": ["queued", "to_pending"], "hand_over": ["queued", "hand_over"], "merge": ["cancelled", "merge"]},
    "done": {"reopen": ["assigned", ""], "requeue": ["queued", ""]},
    "cancelled": {},
}


def give_flow(apps, schema_editor):
    """Every version that exists gets the life that its orders had; a few dozen rows."""
    apps.get_model("workorders", "OrderType").objects.filter(stages=[]).update(stages=STAGES, moves=MOVES, routes=ROUTES)


# Built while the old one holds: at no moment may a customer have two.
NEW = (
    "CREATE UNIQUE INDEX CONCURRENTLY order_one_open_contact ON workorders_workorder (customer_id)"
    " WHERE one_open AND state IN ('queued', 'assigned', 'in_progress', 'waiting')"
)
OLD = (
    "CREATE UNIQUE INDEX CONCURRENTLY order_one_open_a_customer ON workorders_workorder (customer_id)"
    " WHERE state IN ('queued', 'assigned', 'in_progress', 'waiting')"
)


class Migration(migrations.Migration):
    """Order types have stages and moves, orders a stage; one open order a customer holds for contact orders only."""

    atomic = False  # an index is built beside the work only outside a transaction

    dependencies = [("workorders", "0011_surveys")]

    operations = [
        migrations.AddField(
            "ordertype",
            "lease_seconds",
            models.PositiveSmallIntegerField(
                db_default=70,
                default=70,
                validators=[
                    django.core.validators.MinValueValidator(30),
                    django.core.validators.MaxValueValidator(3600),
                ],
                verbose_name="seconds an order stays on a desk without a sign of life",
            ),
        ),
        migrations.AddField(
            "ordertype", "stages", models.JSONField(blank=True, db_default=[], default=list, verbose_name="stages")
        ),
        migrations.AddField(
            "ordertype", "moves", models.JSONField(blank=True, db_default=[], default=list, verbose_name="moves")
        ),
        migrations.AddField("ordertype", "routes", models.JSONField(db_default={}, default=dict, editable=False)),
        migrations.AddField(
            "ordertype",
            "one_open",
            models.BooleanField(db_default=True, default=True, verbose_name="at most one open order a customer"),
        ),
        migrations.AddField(
            "ordertype",
            "status",
            models.CharField(
                choices=[("draft", "Draft"), ("published", "Published")],
                db_default="published",
                default="published",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            "transition", "stage", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.AddField("transition", "step", models.CharField(blank=True, db_default="", default="", max_length=40)),
        migrations.AddField("workorder", "one_open", models.BooleanField(db_default=True, default=True)),
        migrations.AddField(
            "workorder",
            "stage",
            models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="stage"),
        ),
        migrations.AddField("workorder", "step", models.CharField(blank=True, db_default="", default="", max_length=40)),
        migrations.AlterField(
            "workorder",
            "origin_kind",
            models.CharField(
                choices=[
                    ("scenario", "Found by a nightly scenario"),
                    ("event", "Found by a scenario as an event arrived"),
                    ("warning-list", "Chosen from the warning list"),
                    ("planner", "Chosen from the planner's list"),
                    ("group", "Chosen from a group at risk"),
                    ("second-sim", "Chosen from the list of second SIMs"),
                    ("campaign", "Of a campaign"),
                    ("follow-up", "Follows another order"),
                    ("split", "Split off another order"),
                    ("hand-over", "Handed over by another branch"),
                ],
                max_length=16,
                verbose_name="origin",
            ),
        ),
        migrations.RunPython(give_flow, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY order_type_one_draft ON workorders_ordertype (code)"
                    " WHERE status = 'draft'",
                    "DROP INDEX CONCURRENTLY order_type_one_draft",
                ),
                migrations.RunSQL(NEW, "DROP INDEX CONCURRENTLY order_one_open_contact"),
                migrations.RunSQL("DROP INDEX CONCURRENTLY order_one_open_a_customer", OLD),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "ordertype",
                    models.UniqueConstraint(
                        condition=models.Q(status="draft"), fields=("code",), name="order_type_one_draft"
                    ),
                ),
                migrations.RemoveConstraint("workorder", "order_one_open_a_customer"),
                migrations.AddConstraint(
                    "workorder",
                    models.UniqueConstraint(
                        condition=models.Q(
                            one_open=True, state__in=("queued", "assigned", "in_progress", "waiting")
                        ),
                        fields=("customer",),
                        name="order_one_open_contact",
                    ),
                ),
            ],
        ),
    ]
