"""Months to be summed from their days, noted by statement triggers; at first, every month of which there are days."""

import django.db.models.deletion
from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION customers_usage_days_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customers_usagemonthdue (month) SELECT DISTINCT date_trunc('month', day)::date FROM changed;
    RETURN NULL;
END $$;
CREATE FUNCTION customers_usage_days_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customers_usagemonthdue (month, subscriber_id)
    SELECT DISTINCT date_trunc('month', day)::date, subscriber_id FROM changed;
    RETURN NULL;
END $$;
CREATE FUNCTION customers_usage_months_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customers_usagemonthdue (month, subscriber_id)
    SELECT month, subscriber_id FROM changed WHERE NOT rolled_up;
    RETURN NULL;
END $$;
CREATE TRIGGER usage_days_added AFTER INSERT ON customers_usageday
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION customers_usage_days_came();
CREATE TRIGGER usage_days_changed AFTER UPDATE ON customers_usageday
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION customers_usage_days_came();
CREATE TRIGGER usage_days_deleted AFTER DELETE ON customers_usageday
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION customers_usage_days_went();
CREATE TRIGGER usage_months_deleted AFTER DELETE ON customers_usagemonth
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION customers_usage_months_went();
"""
NO_TRIGGERS = """
DROP TRIGGER usage_months_deleted ON customers_usagemonth;
DROP TRIGGER usage_days_deleted ON customers_usageday;
DROP TRIGGER usage_days_changed ON customers_usageday;
DROP TRIGGER usage_days_added ON customers_usageday;
DROP FUNCTION customers_usage_months_went();
DROP FUNCTION customers_usage_days_went();
DROP FUNCTION customers_usage_days_came();
"""
# By the partitions: reading the days themselves would take minutes on a large base.
MONTHS_WITH_DAYS = """
INSERT INTO customers_usagemonthdue (month)
SELECT to_date(right(c.relname, 6), 'YYYYMM')
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'customers_usageday'::regclass
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_taking_back")]

    operations = [
        migrations.CreateModel(
            name="UsageMonthDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                (
                    "subscriber",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customers.subscriber",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["month"], name="usage_month_due")]},
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(MONTHS_WITH_DAYS, migrations.RunSQL.noop),
    ]
