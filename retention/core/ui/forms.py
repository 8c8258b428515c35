"""Fields of forms that several features use."""

from typing import Any

from django import forms


class LongTextField(forms.CharField):
    """Text of several lines. A line break is one character, although browsers send two."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text
