"""Files are kept for what they are, opened by whom they are for, and offered on the calls of their order types."""

import asyncio
import re
from pathlib import Path

import pytest
from django.conf import settings as of_project
from django.core.files.uploadedfile import SimpleUploadedFile

from retention.core.audit.models import AuditEntry
from retention.core.errors import TooLarge
from retention.core.middleware import BODY_FAULT
from retention.serving.admission import most_bytes
from retention.serving.incoming import whole_body
from tests.factories import make_user
from tests.workorders.documents.files import EXE, PDF, WAV, docx
from workorders.documents.models import Document
from workorders.documents.storage import root
from workorders.order_types.services import install_order_types

pytestmark = pytest.mark.django_db
NEW = "/administration/documents/new/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    install_order_types()
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def boss(client, branches):
    boss = make_user(role="manager", branch=branches.city)
    client.force_login(boss)
    return boss


def send(client, branch, content=PDF, file="prices.pdf", code="prices", url=NEW, **more):
    values = {"code": code, "name": "Price list", "branch": branch.pk, "order_types": ["churn_retention"]} | more
    return client.post(url, values | {"file": SimpleUploadedFile(file, content, "text/html")})


def kept():
    return [path for path in Path(root()).rglob("*") if path.is_file()] if root().exists() else []


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("prices.pdf", PDF, "application/pdf"),
        ("answer.wav", WAV, "audio/wav"),
        ("how to.DOCX", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("../../etc/价目表.pdf", PDF, "application/pdf"),
        ("C:\\Temp\\价\u202efdp.exe; x=1.pdf", PDF, "application/pdf"),
    ],
)
def test_a_file_is_kept_as_what_it_is(client, boss, branches, name, content, kind):
    assert send(client, branches.city, content, name).status_code == 302
    row = Document.objects.get()
    (path,) = kept()
    assert (row.content["type"], row.content["size"], path.read_bytes()) == (kind, len(content), content)
    assert path.parent.parent == root() and path.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"[\w-]+(\.[\w-]+)*", path.name), "nothing in it turns the reading round"
    answer = client.get("/documents/prices/file/")
    assert (answer.headers["Content-Type"], b"".join(answer.streaming_content)) == (kind, content)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = not kind.startswith("application/vnd")
    assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("prices.pdf.exe", EXE, "no PDF, picture"),
        ("prices.pdf", EXE, "no PDF, picture"),
        ("page.html", b"<html><script>alert(1)</script></html>", "no PDF, picture"),
        ("prices.exe", PDF, "named .exe, but its content is .pdf"),
        ("prices", PDF, "named ., but its content"),
        ("macros.docx", docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_what_may_not_be_kept_leaves_nothing(client, boss, branches, name, content, said):
    answer = send(client, branches.city, content, name)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Document.objects.exists() and kept() == []


def test_too_large_is_refused_while_it_is_written(client, boss, branches, monkeypatch):
    monkeypatch.setattr("workorders.documents.files.MOST_DOCUMENT_BYTES", 100)
    monkeypatch.setattr("workorders.documents.storage.MOST_VOICE_BYTES", 150)
    for size in (120, 200):
        answer = send(client, branches.city, PDF + bytes(size - len(PDF)))
        assert answer.status_code == 422 and "larger than" in answer.content.decode()
    assert kept() == []


def test_two_gigabytes_are_refused_before_a_byte_of_them_is_read(client, boss):
    async def receive():
        raise AssertionError("the body is not asked for")

    cookie = f"{of_project.SESSION_COOKIE_NAME}={client.cookies[of_project.SESSION_COOKIE_NAME].value}"
    head = {"REQUEST_METHOD": "POST", "PATH_INFO": NEW, "SCRIPT_NAME": "", "SERVER_NAME": "x", "HTTP_COOKIE": cookie}
    with pytest.raises(TooLarge) as refused:
        asyncio.run(whole_body(receive, announced=2 << 30, limit=most_bytes(head)))
    answer = client.post(NEW, **{BODY_FAULT: refused.value})
    assert (answer.status_code, refused.value.message in answer.text) == (413, True)
    assert not Document.objects.exists() and kept() == []


def test_another_code_in_use_or_a_changed_row_keeps_no_second_file(client, boss, branches):
    send(client, branches.city)
    assert send(client, branches.city).status_code == 409  # the code is taken
    assert len(kept()) == 1
    edit = "/administration/documents/prices/edit/"
    assert send(client, branches.city, WAV, "talk.wav", url=edit, version="9").status_code == 409
    assert len(kept()) == 1
    assert send(client, branches.city, WAV, "talk.wav", url=edit, version="1").status_code == 302
    row = Document.objects.get()
    assert (row.is_voice, row.version, len(kept())) == (True, 2, 2)
    page = client.get("/administration/documents/prices/").content.decode()
    assert "prices.pdf" in page and "talk.wav" in page  # the history names both
    values = {"name": "Voice", "branch": branches.city.pk, "order_types": [], "version": "2"}
    assert client.post(edit, values).status_code == 302
    assert Document.objects.get().content["name"] == "talk.wav", "without a new file the old one stays"


def test_agents_see_those_in_use_of_the_branch_on_the_call(client, boss, branches, floor, order):
    team, (ana, _ben) = floor
    send(client, branches.city)
    send(client, branches.city, WAV, "talk.wav", code="talk", name="Listen")
    Document.objects.filter(code="talk").update(branch=None, enabled=True)
    client.force_login(ana)
    page = client.get(f"/work/orders/{order.order_no}/").content.decode()
    assert "Listen" in page and 'preload="none"' in page.split("<audio")[1] and "Price list" not in page
    assert client.get("/documents/talk/file/").status_code == 200
    assert client.get("/documents/prices/file/").status_code == 404
    entry = AuditEntry.objects.get(action="document.open")
    assert (entry.actor_id, entry.target) == (ana.pk, "document:talk")


def test_the_file_is_gone_is_said(client, boss, branches):
    send(client, branches.city)
    kept()[0].unlink()
    answer = client.get("/documents/prices/file/")
    assert answer.status_code == 404 and "no longer there" in answer.content.decode()
