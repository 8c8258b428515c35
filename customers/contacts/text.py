"""Codes that apps above this one write into the contact history, in words.

words.register(ContactPurpose, ContactOutcome)          # in the app's ready()
"""

from django.db.models import TextChoices

_labels: dict[str, object] = {}


def register_contact_codes(*choices: type[TextChoices]) -> None:
    """Each code of these choices is shown by its label; codes are expected not to differ in meaning."""
    for one in choices:
        _labels.update(one.choices)


def format_contact_code(code: str) -> str:
    """The word for a code in the reader's language; a code that nobody registered is shown readably as it is."""
    return str(_labels.get(code) or code.replace("_", " "))
