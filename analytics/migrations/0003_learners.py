import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_modelversion")]

    operations = [
        migrations.AddField("modelversion", "shapes", models.JSONField(default=list)),
        migrations.AddField("modelversion", "recipe", models.JSONField(default=dict)),
        migrations.AddField("modelversion", "comparison", models.JSONField(default=dict)),
        migrations.AddField("modelversion", "reference", models.JSONField(default=dict)),
        migrations.CreateModel(
            name="LearnerContest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("held_at", models.DateTimeField()),
                ("rows", models.JSONField(default=list)),
                ("means", models.JSONField(default=list)),
                ("chosen", models.CharField(max_length=20)),
                ("own", models.JSONField(default=list)),
            ],
            options={"ordering": ["-held_at", "-pk"], "get_latest_by": ["held_at", "pk"]},
        ),
        migrations.CreateModel(
            name="ScoringRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("edges", models.JSONField(null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scoring_runs",
                        to="analytics.modelversion",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["as_of", "-started_at"], name="scoring_run_of_date")]},
        ),
        migrations.CreateModel(
            name="ScoringChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
                ("ranked_at", models.DateTimeField(null=True)),
                ("scored_at", models.DateTimeField(null=True)),
                ("rows", models.IntegerField(default=0)),
                ("written", models.IntegerField(default=0)),
                ("histogram", models.JSONField(default=list)),
                ("sketch", models.JSONField(default=dict)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="analytics.scoringrun"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["run", "low"], name="scoring_chunk_once")]},
        ),
    ]
