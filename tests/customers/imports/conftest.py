"""A signed-in administrator who sends files; the folder of files is the test's own."""

import io

import pytest
from django.test import Client
from django.urls import reverse

from customers.imports.models import Upload
from retention.core import clock
from tests.factories import NOW

HEADER = "客户编号,姓名,客户类型,性别,区域,联系电话,入网日期"
GOOD = ["C1,王芳,个人,女,P1,13800000001,2020/01/31", "C2,李伟,政企,男,P1,13800000002,2021/02/28"]


def csv_of(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


class Importer:
    """Goes through the pages as a person would."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, route: str, *args: object, query: str = "", **more: object):
        with clock.freeze(NOW):
            return self.client.get(reverse(f"imports:{route}", args=args) + query, **more)

    def post(self, route: str, *args: object, **data: object):
        with clock.freeze(NOW):
            return self.client.post(reverse(f"imports:{route}", args=args), data)

    def send(self, content: str | bytes, name: str = "file.csv", **data: object):
        data_bytes = content.encode() if isinstance(content, str) else content
        file = io.BytesIO(data_bytes)
        file.name = name
        return self.post("new", file=file, **data)

    def upload(self, content: str | bytes, name: str = "file.csv", **data: object) -> Upload:
        answer = self.send(content, name, **data)
        assert answer.status_code == 302, answer.context["form"].errors
        return Upload.objects.latest("pk")

    def fields(self, upload: Upload) -> dict[str, str]:
        """The form of the columns page as a browser would send it back untouched."""
        page = self.get("columns", upload.pk).context["page"]
        sent = {f"field-{row.number}": row.chosen for row in page.columns}
        sent |= {f"way-{row.number}": row.way for row in page.columns}
        sent |= {value.name: value.new for row in page.columns for value in row.values}
        sent |= {f"from-{row.field.name}": row.source for row in [*page.needed, *page.further]}
        sent |= {f"const-{row.field.name}": row.constant for row in [*page.needed, *page.further]}
        return sent

    def run(self, upload: Upload) -> Upload:
        assert self.post("run", upload.pk).status_code == 302
        upload.refresh_from_db()
        return upload


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def importer(client, ada, files, eager_tasks, django_capture_on_commit_callbacks):
    client.force_login(ada)
    importer = Importer(client)
    plain = importer.post

    def post(route: str, *args: object, **data: object):
        with django_capture_on_commit_callbacks(execute=True), clock.freeze(NOW):
            return plain(route, *args, **data)

    importer.post = post
    return importer
