from django.db import migrations, models


def keep_the_older_signature(apps, schema_editor):
    """Clients that sign today go on as they do; new ones start with the newer signature alone."""
    apps.get_model("core", "ApiClient").objects.filter(require_signature=True).update(accept_signature_v1=True)


class Migration(migrations.Migration):

    few_rows = "API clients that sign: an operator has a handful"
    dependencies = [("core", "0008_audit_append_only")]

    operations = [
        migrations.AddField(
            model_name="apiclient",
            name="accept_signature_v1",
            field=models.BooleanField(default=False, verbose_name="the older signature is accepted too"),
        ),
        migrations.RunPython(keep_the_older_signature, migrations.RunPython.noop),
    ]
