from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail

from analytics.warnings.models import ListDelivery
from analytics.warnings.services.deliveries import send_mails
from analytics.warnings.services.monthly import freeze_list
from analytics.warnings.tasks import send_lists
from retention.core import clock
from tests.analytics.warnings.rows import MONTH_END, NOW, scored
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def host(settings):
    settings.EMAIL_HOST, settings.PUBLIC_URL = "mail.example", "https://centre.example/"


@pytest.fixture
def manager(branches):
    return make_user(role="manager", branch=branches.city, email="boss@example.com")


def frozen(branches) -> ListDelivery:
    line = scored(branches.city)
    scored(branches.outlet)
    freeze_list(as_of=MONTH_END, now=NOW)
    assert line.phone_number
    return ListDelivery.objects.get()


def test_the_mail_tells_counts_and_the_address_and_nobodys_data(host, manager, branches):
    delivery = frozen(branches)
    with clock.freeze(NOW):
        send_lists()
    (sent,) = mail.outbox
    assert sent.to == ["boss@example.com"]
    assert "2 lines" in sent.body
    assert "https://centre.example/churn/lists/2026-12/" in sent.body
    assert "Li Wei" not in sent.body
    delivery.refresh_from_db()
    assert (delivery.mail, delivery.mail_at) == ("sent", NOW)


def test_it_is_sent_once(host, manager, branches):
    frozen(branches)
    assert (send_mails(now=NOW), send_mails(now=NOW)) == (1, 0)
    assert len(mail.outbox) == 1


def test_without_a_mail_host_nothing_is_tried(settings, manager, branches):
    settings.EMAIL_HOST = ""
    assert frozen(branches).mail == "none"
    assert send_mails(now=NOW) == 0


def test_who_has_no_address_gets_the_list_without_a_mail(host, branches):
    make_user(role="manager", branch=branches.city)
    assert frozen(branches).mail == "none"


def test_a_failure_is_recorded_and_tried_again_after_a_pause(host, manager, branches, monkeypatch):
    def refuse(self, **kwargs):
        raise SMTPServerDisconnected("password=secret")

    delivery = frozen(branches)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send_mails(now=NOW) == 0
    delivery.refresh_from_db()
    assert (delivery.mail, delivery.mail_tries, delivery.mail_error) == ("failed", 1, "SMTPServerDisconnected")
    assert send_mails(now=NOW + 4 * MINUTE) == 0
    assert send_mails(now=NOW + 6 * MINUTE) == 1
    delivery.refresh_from_db()
    assert (delivery.mail, delivery.mail_tries, delivery.mail_error) == ("sent", 2, "")


def test_after_enough_failures_it_is_given_up(host, manager, branches):
    delivery = frozen(branches)
    ListDelivery.objects.update(mail="failed", mail_tries=ListDelivery.MOST_TRIES)
    assert send_mails(now=NOW + timedelta(days=3)) == 0
    delivery.refresh_from_db()
    assert delivery.mail == "failed"
