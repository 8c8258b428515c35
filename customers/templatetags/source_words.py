"""`{{ ticket.topic|source_word }}`: a source system's code in the reader's words."""

from django import template

from customers import source_codes

register = template.Library()
register.filter("source_word", source_codes.word)
