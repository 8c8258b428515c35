"""Quality review, and messages to desks."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_labels"),
        ("workorders", "0017_telephony"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500, verbose_name="message")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desk_messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "message to desks",
                "ordering": ["-sent_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="workorders.deskmessage",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ScoreSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_zh", models.CharField(blank=True, max_length=120, verbose_name="name (Chinese)")),
                ("code", models.SlugField(max_length=24, unique=True, verbose_name="code")),
                ("enabled", models.BooleanField(default=False, verbose_name="enabled")),
                ("built_in", models.BooleanField(default=False, editable=False, verbose_name="built in")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("criteria", models.JSONField(default=list, verbose_name="criteria")),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
            ],
            options={
                "verbose_name": "score sheet",
                "verbose_name_plural": "score sheets",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Calibration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "branch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("sheet", models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calibrations",
                to="workorders.scoresheet",
                verbose_name="score sheet",
            )),
            ],
            options={
                "verbose_name": "calibration",
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="SampleRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_zh", models.CharField(blank=True, max_length=120, verbose_name="name (Chinese)")),
                ("code", models.SlugField(max_length=24, unique=True, verbose_name="code")),
                ("enabled", models.BooleanField(default=False, verbose_name="enabled")),
                ("built_in", models.BooleanField(default=False, editable=False, verbose_name="built in")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "per_agent",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="calls of each agent a week",
                    ),
                ),
                (
                    "share_percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="share of all calls (%)",
                    ),
                ),
                (
                    "complaints",
                    models.BooleanField(default=True, verbose_name="always those with a complaint afterwards"),
                ),
                ("types", models.JSONField(blank=True, default=list, verbose_name="order types")),
                ("dispositions", models.JSONField(blank=True, default=list, verbose_name="dispositions")),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                ("sheet", models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rules",
                to="workorders.scoresheet",
                verbose_name="score sheet",
            )),
            ],
            options={
                "verbose_name": "sampling rule",
                "verbose_name_plural": "sampling rules",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contact_at", models.DateTimeField(verbose_name="call saved")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("agent", "So many of each agent"),
                            ("share", "Share of all calls"),
                            ("complaint", "Complaint after the call"),
                            ("hand", "Chosen by hand"),
                            ("calibration", "Calibration"),
                        ],
                        max_length=12,
                        verbose_name="drawn because",
                    ),
                ),
                ("draw", models.FloatField(null=True)),
                ("sheet_version", models.PositiveIntegerField(verbose_name="version")),
                ("criteria", models.JSONField(default=list)),
                ("drawn_at", models.DateTimeField(verbose_name="drawn")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be reviewed"),
                            ("finished", "Reviewed"),
                            ("withdrawn", "Set aside after an objection"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                ("total", models.FloatField(null=True, verbose_name="mark")),
                ("is_fatal", models.BooleanField(default=False, verbose_name="fatal")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                (
                    "reply",
                    models.CharField(
                        blank=True,
                        choices=[("acknowledged", "Acknowledged"), ("objected", "Objected")],
                        max_length=12,
                        verbose_name="reply",
                    ),
                ),
                ("reply_text", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agent",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "calibration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="workorders.calibration",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="workorders.transition",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="workorders.workorder",
                        verbose_name="order",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.team",
                        verbose_name="group",
                    ),
                ),
                ("rule", models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="workorders.samplerule",
            )),
                ("sheet", models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="workorders.scoresheet",
                verbose_name="score sheet",
            )),
            ],
            options={
                "verbose_name": "review",
                "ordering": ["-contact_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criterion", models.CharField(max_length=32, verbose_name="criterion")),
                ("score", models.SmallIntegerField(null=True, verbose_name="score")),
                ("share", models.FloatField(null=True)),
                ("comment", models.CharField(blank=True, max_length=400, verbose_name="comment")),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="workorders.review",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField(verbose_name="week")),
                ("version", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField(verbose_name="drawn")),
                ("count", models.PositiveIntegerField(verbose_name="calls drawn")),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draws",
                        to="workorders.samplerule",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="deskmessage",
            index=models.Index(fields=["sender", "-sent_at"], name="desk_message_of_sender"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(condition=models.Q(("read_at", None)), fields=["person"], name="desk_receipt_unread"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("message", "person"), name="desk_receipt_once"),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.UniqueConstraint(fields=("review", "criterion"), name="mark_once"),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(fields=("rule", "week"), name="quality_draw_once"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["agent", "contact_at"], name="review_of_agent"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["state", "contact_at"], name="review_by_state"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["contact"], name="review_of_contact"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("calibration", None)), fields=("contact",), name="review_once_a_contact"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("calibration__isnull", False)),
                fields=("calibration", "contact", "reviewer"),
                name="review_once_a_reviewer",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewer", None), models.Q(("reviewer", models.F("agent")), _negated=True), _connector="OR"
                ),
                name="review_never_of_own_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reviewed_at", None), ("state", "waiting"), ("total", None)),
                    models.Q(
                        models.Q(("state", "waiting"), _negated=True),
                        ("reviewed_at__isnull", False),
                        ("reviewer__isnull", False),
                        ("total__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_finished_has_mark",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("reply", ""), models.Q(("state", "waiting"), _negated=True), _connector="OR"),
                name="review_reply_to_finished",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("answered_at", None), ("reply", "objected"), _connector="OR"),
                name="review_answer_to_objection",
            ),
        ),
    ]
