"""Declarations to the core: the tag of the endpoints, the shape of their errors.

Not a Django app: its `urls` import this module.
"""

from django.utils.translation import gettext_lazy as _

from retention.core.api.tags import TAGS, Tag
from retention.core.ui.views import ERROR_BODIES
from retention.tmf.errors import called_version, error_body

TM_FORUM = TAGS.declare(
    "TM Forum", Tag(60, _("TM Forum"), "The same data in the shapes of the TM Forum Open APIs, read only.")
)
ERROR_BODIES.declare(
    "/tmf-api/",
    lambda error, request: error_body(error.code, str(error), error.status, called_version(request.path)),
)
