"""Writes the default templates that are missing."""

from campaigns.messages.defaults import TEMPLATES
from campaigns.messages.models import MessageTemplate


def install_templates() -> int:
    """The others stay as people left them. Returns how many are new; they are drafts."""
    new = 0
    for row in TEMPLATES:
        values = {name: value for name, value in row.items() if name != "code"} | {"built_in": True}
        new += MessageTemplate.objects.get_or_create(code=row["code"], defaults=values)[1]
    return new
