from django import forms
from django.utils.translation import gettext_lazy as _

from retention.core.jobs.models import Job


class JobFilter(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=lambda: [("", _("All")), *Job.State.choices])

    def __init__(self, *args: object, kinds: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All")), *kinds]
