from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from retention.core.accounts.models import User

# Each language is named in itself, so that it is found by a user who cannot read the current one.
LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文"}


class PreferencesForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [(code, LANGUAGE_NAMES.get(code, name)) for code, name in settings.LANGUAGES],
    )

    class Meta:
        model = User
        fields = ["language", "theme", "shortcuts"]
        labels = {"theme": _("Theme"), "shortcuts": _("Use single keys and chords as shortcuts")}
        help_texts = {"shortcuts": _("Turn them off when a screen reader or an input method needs the keys.")}
