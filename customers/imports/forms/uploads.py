"""Upload forms of the import pages. Fields are parsed here; services check the rest."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.imports import text
from customers.imports.models import Upload
from customers.imports.services import storage


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File"))
    resource = forms.ChoiceField(label=_("Kind of rows"), required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resource"].choices = [("", _("Recognise it by the columns")), *text.resource_choices()]
        accept = ".csv,.txt,.tsv,.ndjson,.jsonl,.json,.parquet,.xlsx,.gz"
        self.fields["file"].widget.attrs |= {
            "accept": accept, "data-most-bytes": storage.MAX_FILE_BYTES, "data-too-large": storage.too_large(),
        }  # fmt: skip
        self.fields["file"].help_text = _(
            "CSV, NDJSON, JSON, Parquet or Excel (xlsx), also packed with gzip; at most %(most)s MB."
            " The first line names the columns."
        ) % {"most": storage.MAX_FILE_BYTES >> 20}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > storage.MAX_FILE_BYTES:
            raise forms.ValidationError(storage.too_large())
        return file


class SheetForm(forms.Form):
    sheet = forms.ChoiceField(label=_("Sheet"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, upload: Upload, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in upload.sheets]


class MappingFileForm(forms.Form):
    """A mapping as a TOML file, or one saved earlier."""

    file = forms.FileField(label=_("Mapping file (TOML)"), required=False)
    saved = forms.IntegerField(required=False)
    forget = forms.BooleanField(required=False)
