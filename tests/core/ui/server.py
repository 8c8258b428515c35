"""A small server for the gallery: the product's static files and its own security policy, no database."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.contrib.staticfiles import finders

from tests.core.ui import gallery

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'"
)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802  (the name http.server calls)
        url = urlsplit(self.path)
        asked = parse_qs(url.query)
        if url.path.startswith("/static/"):
            found = finders.find(url.path.removeprefix("/static/"))
            self.answer(Path(found).read_bytes() if found else None, guess_type(url.path)[0] or "text/plain")
        elif url.path in gallery.PAGES:
            language = asked.get("language", ["en"])[0]
            page = gallery.render(url.path, theme=asked.get("theme", ["light"])[0], language=language)
            self.answer(page.encode(), "text/html; charset=utf-8")
        else:
            self.answer(None, "text/plain")

    def answer(self, body: bytes | None, kind: str) -> None:
        self.send_response(200 if body is not None else 404)
        body = body or b"Nothing here."
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


def serve(port: int = 0) -> ThreadingHTTPServer:
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
