from django.db import migrations


def drop_guesses(apps, schema_editor):
    """Shipped renewals and plan changes that nobody changed had guessed totals; their amounts now follow from tariffs."""
    offers = apps.get_model("campaigns", "Offer").objects.filter(built_in=True, version=1)
    offers.filter(kind__in=["renewal", "plan_change"]).update(value=0, cost=0)


class Migration(migrations.Migration):
    few_rows = "the offers that ship, at most six"
    dependencies = [("campaigns", "0008_offer_term")]

    operations = [migrations.RunPython(drop_guesses, migrations.RunPython.noop)]
