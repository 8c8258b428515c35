"""Labels of the codes that upper apps write into the contact history.

register_contact_codes(ContactPurpose, ContactOutcome)  # in the app's ready()
"""

from django.db.models import TextChoices

_labels: dict[str, object] = {}


def register_contact_codes(*choices: type[TextChoices]) -> None:
    """Registers the labels of these choices; a code must have the same meaning in all of them."""
    for one in choices:
        _labels.update(one.choices)


def format_contact_code(code: str) -> str:
    """The label of a code in the reader's language; an unregistered code is shown with spaces for underscores."""
    return str(_labels.get(code) or code.replace("_", " "))
