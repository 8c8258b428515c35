"""What this package declares to the core: the tag of its endpoints. It is no app: its addresses import this module."""

from django.utils.translation import gettext_lazy as _

from retention.core.api.tags import TAGS, Tag

TM_FORUM = TAGS.declare(
    "TM Forum", Tag(60, _("TM Forum"), "The same data in the shapes of the TM Forum Open APIs, read only.")
)
