from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from retention.core import clock
from retention.core.errors import Invalid
from retention.core.notices import tasks
from retention.core.notices.models import Notice, NoticePreference, Urgency
from retention.core.notices.services.mailing import MAX_ATTEMPTS, mail_due
from retention.core.notices.services.notifying import MAIL_TASK, notify
from retention.core.notices.services.reading import mark_read, purge_read, save_preference
from retention.core.notices.text import MESSAGES, Message
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WHAT = Message("test.words", {"count": 3})


@pytest.fixture(autouse=True)
def _message(settings, monkeypatch) -> None:
    from django.utils.translation import gettext

    monkeypatch.setitem(MESSAGES, "test.words", lambda params: f"{params['count']} × {gettext('Notices')}")
    settings.EMAIL_HOST = "mail.example"


@pytest.fixture
def reader(lin):
    lin.email = "lin@example.com"
    lin.save()
    return lin


def send(*people, urgency=Urgency.URGENT, where="/churn/watch/") -> int:
    return notify(people=people, what=WHAT, where=where, urgency=urgency, now=NOW)


def test_each_active_person_has_one_row(lin, mia) -> None:
    mia.is_active = False
    assert send(lin, lin, mia) == 1
    notice = Notice.objects.get()
    assert (notice.person, notice.where, notice.read_at) == (lin, "/churn/watch/", None)


def test_the_text_is_made_in_the_language_of_the_reader(lin) -> None:
    from django.utils import translation

    send(lin)
    notice = Notice.objects.get()
    assert notice.text == "3 × Notices"
    with translation.override("zh-hans"):
        assert notice.text == "3 × 通知"


@pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example", "churn/", "/\\elsewhere"])
def test_a_notice_leads_to_a_page_of_this_site(lin, where) -> None:
    with pytest.raises(Invalid):
        send(lin, where=where)


def test_an_undeclared_message_is_refused(lin) -> None:
    with pytest.raises(Invalid):
        notify(people=[lin], what=Message("nobody.knows", {}), where="/", urgency=Urgency.NORMAL, now=NOW)


def test_an_urgent_one_also_goes_by_mail_once(reader, settings) -> None:
    settings.PUBLIC_URL = "https://retention.example/"
    send(reader, urgency=Urgency.IMPORTANT)
    send(reader)
    assert mail_due(now=NOW) == 1 and mail_due(now=NOW) == 0
    [message] = mail.outbox
    assert (message.to, message.subject) == (["lin@example.com"], "[Urgent] 3 × Notices")
    assert message.body == "3 × Notices\n\nhttps://retention.example/churn/watch/"
    assert Notice.objects.get(urgency=Urgency.URGENT).mail_sent_at == NOW


def test_a_mail_is_in_the_language_of_its_reader_and_one_line_in_the_subject(reader, monkeypatch) -> None:
    reader.language = "zh-hans"
    reader.save()
    monkeypatch.setitem(MESSAGES, "test.words", lambda params: "a\nb")
    send(reader)
    mail_due(now=NOW)
    assert mail.outbox[0].subject == "[紧急] a b"


def test_a_person_chooses_what_goes_by_mail(reader) -> None:
    save_preference(person=reader, mailed=[Urgency.IMPORTANT, Urgency.IMPORTANT])
    send(reader, urgency=Urgency.URGENT)
    assert not Notice.objects.to_mail(NOW).exists()
    send(reader, urgency=Urgency.IMPORTANT)
    assert Notice.objects.to_mail(NOW).count() == 1
    with pytest.raises(Invalid):
        save_preference(person=reader, mailed=[9])
    assert NoticePreference.objects.get().mailed == [Urgency.IMPORTANT]


def test_without_an_address_or_a_mail_host_there_is_no_mail(lin, reader, mia, settings) -> None:
    send(mia)
    assert not Notice.objects.to_mail(NOW).exists()
    settings.EMAIL_HOST = ""
    send(reader)
    assert not Notice.objects.to_mail(NOW).exists() and mail_due(now=NOW) == 0


def test_a_failed_mail_is_tried_again_ever_later_and_given_up(reader, monkeypatch) -> None:
    def fail(self, messages) -> int:
        raise ConnectionRefusedError

    send(reader)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fail)
        assert mail_due(now=NOW) == 0
        notice = Notice.objects.get()
        assert notice.mail_due_at == NOW + timedelta(minutes=5)
        assert (notice.mail_attempts, notice.mail_error) == (1, "ConnectionRefusedError")
        assert mail_due(now=NOW + timedelta(minutes=4)) == 0 and Notice.objects.get().mail_attempts == 1
    assert mail_due(now=NOW + timedelta(minutes=5)) == 1
    assert Notice.objects.get().mail_error == ""
    Notice.objects.update(mail_due_at=NOW, mail_sent_at=None, mail_attempts=MAX_ATTEMPTS - 1)
    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    mail_due(now=NOW)
    assert Notice.objects.get().mail_due_at is None


def test_a_notice_read_meanwhile_and_one_of_somebody_who_left_are_not_mailed(reader, mia) -> None:
    send(reader)
    mark_read(notices=Notice.objects.of(reader), now=NOW)
    send(reader)
    reader.is_active = False
    reader.save()
    assert mail_due(now=NOW) == 0 and mail.outbox == []
    assert not Notice.objects.to_mail(NOW).exists()


def test_a_worker_is_woken_after_the_commit(reader, monkeypatch, django_capture_on_commit_callbacks) -> None:
    woken: list[str] = []
    monkeypatch.setattr("retention.core.notices.services.notifying.wake_worker", woken.append)
    send(reader, urgency=Urgency.NORMAL)
    assert woken == []
    send(reader)
    assert woken == [MAIL_TASK] == [tasks.mail_notices.name]
    with clock.freeze(NOW):
        tasks.mail_notices()
    assert len(mail.outbox) == 1


def test_old_read_notices_are_purged_and_unread_ones_stay(lin) -> None:
    send(lin)
    mark_read(notices=Notice.objects.of(lin), now=NOW)
    send(lin)
    assert purge_read(now=NOW + timedelta(days=90)) == 0
    with clock.freeze(NOW + timedelta(days=91)):
        tasks.purge_notices()
    assert Notice.objects.get().read_at is None
