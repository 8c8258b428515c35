from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from retention.core import clock
from retention.core.accounts.models import User
from retention.core.notices.models import Notice, NoticePreference, Urgency
from retention.core.notices.text import MESSAGES
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_day(monkeypatch):
    monkeypatch.setitem(MESSAGES, "test.name", lambda params: params["name"])
    with clock.freeze(NOW):
        yield


@pytest.fixture
def reader(client, lin) -> User:
    client.force_login(lin)
    return lin


def make_notice(person: User, name: str = "One", **given: object) -> Notice:
    values = {"message": "test.name", "params": {"name": name}, "where": "/customers/", "created_at": NOW}
    return Notice.objects.create(person=person, **values | given)


def names(page) -> list[str]:
    return [row.record.text for row in page.context["table"].paginated_rows]


def test_only_ones_own_are_listed_unread_first(client, reader, mia) -> None:
    make_notice(reader, "Read", read_at=NOW)
    make_notice(reader, "Old", created_at=NOW - timedelta(days=1))
    make_notice(reader, "New")
    make_notice(mia, "Another's")
    assert names(client.get("/notices/")) == ["New", "Old", "Read"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("state=unread", ["Urgent"]), ("state=read", ["Read"]), ("urgency=3", ["Urgent"]), ("urgency=9", 2)],
)
def test_they_are_filtered(client, reader, query, found) -> None:
    make_notice(reader, "Read", read_at=NOW)
    make_notice(reader, "Urgent", urgency=Urgency.URGENT)
    seen = names(client.get(f"/notices/?{query}"))
    assert (len(seen) if isinstance(found, int) else seen) == found


def test_opening_one_reads_it_and_leads_on(client, reader, mia) -> None:
    notice = make_notice(reader)
    assert client.get(f"/notices/{notice.pk}/").headers["Location"] == "/customers/"
    notice.refresh_from_db()
    assert notice.read_at == NOW
    assert client.get(f"/notices/{make_notice(mia).pk}/").status_code == 404


def test_selected_ones_are_read_and_never_another_persons(client, reader, mia) -> None:
    own, left, other = make_notice(reader), make_notice(reader), make_notice(mia)
    client.post("/notices/read/", {"row": [own.pk, other.pk, "x", "9" * 30]})
    assert set(Notice.objects.unread()) == {left, other}


def test_all_are_read_or_all_that_match(client, reader, mia) -> None:
    make_notice(reader, urgency=Urgency.URGENT)
    make_notice(reader)
    make_notice(mia)
    client.post("/notices/read/", {"all": "1", "query": "urgency=3"})
    assert Notice.objects.of(reader).unread().count() == 1
    client.post("/notices/read/", {"all": "1"})
    assert Notice.objects.of(reader).unread().count() == 0 and Notice.objects.of(mia).unread().count() == 1


def test_the_bell_has_the_number_in_words_and_asks_for_itself(client, reader) -> None:
    assert 'aria-label="Notices, none unread"' in client.get("/me/").text
    make_notice(reader)
    make_notice(reader)
    page = client.get("/me/").text
    assert 'aria-label="Notices, 2 unread"' in page and 'hx-trigger="every 60s"' in page
    assert client.get("/notices/bell/", headers={"X-Seen": "2"}).status_code == 204
    bell = client.get("/notices/bell/", headers={"X-Seen": "1"})
    assert "Notices, 2 unread" in bell.text and "<html" not in bell.text


def test_the_bell_speaks_chinese(client, reader) -> None:
    make_notice(reader)
    client.cookies["django_language"] = "zh-hans"
    assert 'aria-label="通知，1条未读"' in client.get("/notices/bell/").text


def test_many_unread_ones_are_counted_no_further_than_needed(client, reader) -> None:
    Notice.objects.bulk_create(
        Notice(person=reader, message="test.name", params={"name": "x"}, where="/", created_at=NOW) for _n in range(130)
    )
    assert "99+" in client.get("/notices/bell/").text


def test_the_header_costs_one_query_and_the_list_none_a_row(client, reader) -> None:
    def asked(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return [query["sql"] for query in seen if "core_notice" in query["sql"]]

    for number in range(30):
        make_notice(reader, f"Notice {number}")
    assert len(asked("/me/")) == 1
    assert len(asked("/notices/")) == 3  # the bell, the number of rows, the rows


def test_what_goes_by_mail_is_chosen_on_a_page(client, reader) -> None:
    page = client.get("/notices/preferences/")
    assert page.context["form"].initial["mailed"] == (Urgency.URGENT,)
    assert "No e-mail address of yours is known" in page.text
    client.post("/notices/preferences/", {"mailed": ["2", "3"]})
    assert NoticePreference.objects.get(person=reader).mailed == [2, 3]
    client.post("/notices/preferences/")
    assert NoticePreference.objects.get(person=reader).mailed == []
    assert client.post("/notices/preferences/", {"mailed": ["7"]}).status_code == 422
