"""The WSGI environment of an ASGI request."""

import io
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import FileWrapper

Environ = dict[str, Any]
OWN_NAMES = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def environ_of(scope: Mapping[str, Any]) -> Environ:
    """Everything but the body, which is empty. Repeated headers are joined by commas."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # WSGI wants the bytes of the path, each as the character of its number.
        "PATH_INFO": unquote_to_bytes(_path(scope["raw_path"])).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in OWN_NAMES else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


def _path(target: bytes) -> bytes:
    """Of "/path", or of "http://host/path" as it is sent to proxies."""
    return target if target.startswith(b"/") else urlsplit(target).path or b"/"
