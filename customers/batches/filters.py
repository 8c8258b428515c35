from django import forms
from django.utils.translation import gettext_lazy as _

from customers.batches.models import IngestBatch
from customers.imports.text import resource_label
from customers.ingest.resources import RESOURCES


class BatchFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=lambda: [("", _("All")), *IngestBatch.State.choices]
    )
    resource = forms.ChoiceField(
        label=_("Kind of rows"),
        required=False,
        choices=lambda: [("", _("All")), *((name, resource_label(name)) for name in RESOURCES)],
    )
