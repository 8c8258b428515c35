"""The audit trail only grows, whoever asks: the application, the administration or a statement in the database."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from retention.core.audit import services as audit
from retention.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(ada):
    return audit.record(actor=ada, action="staff.change", target="user:x")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET actor_name = 'somebody else'",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry",
    ],
)
def test_a_statement_that_would_change_it_is_refused(entry, statement):
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        cursor.execute("SET LOCAL retention.audit_purge = 'off'")
        cursor.execute(statement)
    assert AuditEntry.objects.get().actor_name == "ada"


def test_a_row_cannot_be_saved_again_or_deleted(entry):
    entry.action = "export"
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()


def test_it_outlives_the_person(entry, ada):
    with transaction.atomic():
        ada.delete()
    assert AuditEntry.objects.get(pk=entry.pk).actor_name == "ada"
