"""The rows of the reports, added up over the lines that a person may see."""

from typing import Any

from django.db.models import Avg, Count, ExpressionWrapper, F, FloatField, QuerySet, Sum
from django.db.models.functions import Coalesce

from customers.fields.spend import MONTHLY_SPEND
from customers.profile.models import SubscriberProfile
from retention.core.accounts.models import User

AT_RISK = ExpressionWrapper(F("spend") * F("risk_probability"), output_field=FloatField())


def risk_by_plan(user: User) -> QuerySet[Any, Any]:
    """A row for each plan, of its scored lines: plan_code, plan (name), lines, probability (mean), leavers (expected),
    total and at_risk (yuan a month). One query."""
    return (
        SubscriberProfile.objects.visible_to(user)
        .filter(risk_probability__isnull=False)
        .annotate(spend=MONTHLY_SPEND)
        .values("plan_code", plan=F("subscriber__plan__name"))
        .annotate(
            lines=Count("pk"),
            probability=Avg("risk_probability"),
            leavers=Sum("risk_probability"),
            at_risk=Coalesce(Sum(AT_RISK), 0.0),
            total=Sum("spend"),
        )
        .order_by("-at_risk", "plan_code")
    )
