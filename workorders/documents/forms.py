from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from campaigns.scenarios.order_types import order_types
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.managed.forms import ManagedForm
from retention.core.managed.models import Managed
from workorders.documents import storage
from workorders.documents.files import KINDS, MOST_VOICE_BYTES, too_large
from workorders.documents.models import Document


class DocumentForm(ManagedForm):
    """A file that is sent is written when all other fields are right; `drop_sent` deletes it if nothing came of it."""

    model = Document

    file = forms.FileField(
        label=_("File"), required=False, max_length=200,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in KINDS)}),
        help_text=_("PDF, picture, Word, Excel, PowerPoint up to 20 MB; MP3, WAV, OGG, M4A up to 50 MB."),
    )  # fmt: skip
    order_types = forms.MultipleChoiceField(
        label=_("Order types"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Agents see it on the call screen of these orders."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, instance: Managed | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, instance=instance, **kwargs)
        self.fields["order_types"].choices = order_types()
        limit = {"data-most-bytes": MOST_VOICE_BYTES, "data-too-large": too_large(MOST_VOICE_BYTES)}
        self.fields["file"].widget.attrs |= limit
        self.sent: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file: UploadedFile | None = cleaned.get("file")
        if file is None:
            if self.instance is None and "file" not in self.errors:
                self.add_error("file", _("Choose a file."))
        elif not self.errors:
            try:
                self.sent = storage.keep(name=file.name or "", blocks=file.chunks())
            except Invalid as problem:
                self.add_error("file", str(problem))
        return cleaned

    def values(self) -> dict[str, Any]:
        names = ("name", "name_zh", "branch", "order_types")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"content": self.sent or (self.instance.content if isinstance(self.instance, Document) else {})}

    def drop_sent(self) -> None:
        storage.drop(self.sent)
