"""Declarations to the core: the tag of the endpoints. Not a Django app: its `urls` import this module."""

from django.utils.translation import gettext_lazy as _

from retention.core.api.tags import TAGS, Tag

TM_FORUM = TAGS.declare(
    "TM Forum", Tag(60, _("TM Forum"), "The same data in the shapes of the TM Forum Open APIs, read only.")
)
