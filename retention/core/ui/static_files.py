"""Names of static files in service: with a digest of their content, also where one of our modules imports another. A
browser keeps each for good, and loads it anew when it has changed."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What others have written names modules that are not in their packages.
OWN_MODULES = "js/"


class StaticFiles(ManifestStaticFilesStorage):
    """Not compressed: on this machine that would only delay the start."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, *given: Any, **more: Any) -> Callable[[re.Match[str]], str]:
        convert = super().url_converter(name, *given, **more)
        if name.startswith(OWN_MODULES):
            return convert
        return lambda found: found[0] if found[0].lstrip().startswith(("import", "export")) else convert(found)


class CompressedStaticFiles(StaticFiles, CompressedManifestStaticFilesStorage):
    """As they are served: each compressed once."""
