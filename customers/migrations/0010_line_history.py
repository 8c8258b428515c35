from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_themes")]

    operations = [
        migrations.CreateModel(
            name="PastValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=63)),
                ("row", models.BigIntegerField()),
                ("column", models.CharField(max_length=63)),
                ("was", models.JSONField(null=True)),
                ("until", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["until"], name="past_value_until")]},
        ),
    ]
