"""The filters of the list of circles."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from customers.circles.models import Circle
from customers.fields.choices import BundleReason, CircleKind

BUNDLES: dict[str, tuple[object, Q]] = {
    "candidate": (_("Candidates"), ~Q(bundle_reason="")),
    "bundled": (_("In a bundle"), Q(has_bundle=True)),
    "neither": (_("Neither"), Q(has_bundle=False, bundle_reason="")),
}


class CircleFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CircleKind.choices, empty_label=_("All"))
    bundle = django_filters.ChoiceFilter(
        label=_("Bundle"),
        choices=[(key, label) for key, (label, _rows) in BUNDLES.items()],
        empty_label=_("All"),
        method="by_bundle",
    )
    bundle_reason = django_filters.ChoiceFilter(
        label=_("Why a bundle suits"), choices=BundleReason.choices, empty_label=_("All")
    )
    left = django_filters.ChoiceFilter(
        label=_("Left in 90 days"), choices=[("some", _("Some"))], empty_label=_("All"), method="by_left"
    )

    def by_bundle(self, rows: QuerySet[Circle], name: str, value: str) -> QuerySet[Circle]:
        return rows.filter(BUNDLES[value][1])

    def by_left(self, rows: QuerySet[Circle], name: str, value: str) -> QuerySet[Circle]:
        return rows.filter(left_90d__gt=0)
