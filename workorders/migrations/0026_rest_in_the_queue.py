"""Orders may rest from the queue too: as `adopt`, which leads from a stage of the queue to the stage itself."""

from django.db import migrations


def give_way(apps, schema_editor):
    order_type = apps.get_model("workorders", "OrderType")
    for row in order_type.objects.exclude(routes={}):
        for stage, ways in row.routes.items():
            if stage and "adopt" in ways:
                ways.setdefault("rest", ways["adopt"])
        order_type.objects.filter(pk=row.pk).update(routes=row.routes)


class Migration(migrations.Migration):
    few_rows = "versions of order types: dozens"
    dependencies = [("workorders", "0025_customer_origin")]
    operations = [migrations.RunPython(give_way, migrations.RunPython.noop)]
