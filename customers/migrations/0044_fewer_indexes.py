"""The index of contacts by customer and time serves the customer alone as well."""

import django.db.models.deletion
from django.db import migrations, models

NAME = "customers_contactrecord_customer_id_93bbda9e"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0043_app_messages")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {NAME} ON customers_contactrecord (customer_id)",
                )
            ],
            [
                migrations.AlterField(
                    "contactrecord",
                    "customer",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts", to="customers.customer",
                    ),
                )
            ],
        ),
    ]
