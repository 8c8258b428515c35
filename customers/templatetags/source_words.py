"""`{{ ticket.topic|source_word }}`: a source system's code in the reader's words."""

from django import template

from customers.facts import text

register = template.Library()
register.filter("source_word", text.format_source_code)
