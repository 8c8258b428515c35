"""An upload far beyond the limit is turned away before it fills the disk."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from customers.imports.storage import MOST_BYTES

FORM = 1 << 20  # what comes with the file


class RefuseHuge(FileUploadHandler):
    """First of the upload handlers: looks at the announced length only; files are taken by the handlers after it."""

    def handle_raw_input(
        self, input_data: object, META: dict, content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        if content_length > MOST_BYTES + FORM:
            raise RequestDataTooBig(f"{content_length} bytes are more than may be uploaded")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
