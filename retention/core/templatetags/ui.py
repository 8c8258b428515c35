"""`{% load ui %}`: components, charts, form fields, lists and formats. docs/ui.md lists each one with its call."""

from django import template

from retention.core.templatetags import charts, fields, listing
from retention.core.ui import components, formats

register = template.Library()
for part in (charts, components, fields, formats, listing):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
