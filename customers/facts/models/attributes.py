from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.facts.models.base import Fact, unchecked_foreign_key
from retention.core.db.models import Bilingual


class CustomField(Bilingual):
    """An operator's own field, declared once; then a rule field, a model feature and a row of the 360."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("Number")
        TEXT = "text", _("Text")
        DATE = "date", _("Date")
        FLAG = "flag", _("Yes or no")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("type"), max_length=8, choices=Kind.choices)

    class Meta:
        ordering = ["key"]
        verbose_name = _("custom field")


class Attribute(Fact):
    subscriber = unchecked_foreign_key("customers.Subscriber", related_name="attribute_rows", db_index=False)
    field = models.ForeignKey(CustomField, models.CASCADE, related_name="values")
    value = models.TextField(blank=True)
    as_of = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "field"], name="attribute_key")]
