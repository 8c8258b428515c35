"""Whether the churn model in force reads a field, for the page of the field."""

from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.churn.models import ModelVersion
from customers.fields.uses import Use
from retention.core.accounts.models import User


def models_using(key: str, user: User) -> list[Use]:
    if not user.may("churn.view"):
        return []
    champion = ModelVersion.objects.champion()
    if champion is None or key not in champion.features:
        return []
    return [
        Use(
            _("Version %(number)s, in force") % {"number": champion.pk},
            reverse("analytics:version", args=[champion.pk]),
        )
    ]
