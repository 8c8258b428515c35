import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0022_contact_state_labels")]

    operations = [
        migrations.CreateModel(
            name="CustomerName",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="customer_name_words"),
                ],
            },
        ),
    ]
