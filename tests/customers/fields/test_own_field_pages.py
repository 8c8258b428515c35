"""The pages of the operator's own fields: key and type stay, names change with history."""

import pytest

from customers.facts.models import CustomField
from customers.fields.services import create_own_field, rename_own_field
from customers.ingest.resources.attributes import custom_field_key
from retention.core.administration.services import Seen
from retention.core.audit.models import AuditEntry
from retention.core.errors import Refused
from tests.factories import make_custom_field

pytestmark = pytest.mark.django_db
LIST, NEW, VIP = "/administration/own-fields/", "/administration/own-fields/new/", "/administration/own-fields/of/vip/"


@pytest.fixture
def administrator(client, ada):
    client.force_login(ada)
    return client


def test_a_field_is_declared_and_renamed(administrator, ada):
    new = {"key": "vip_level", "kind": "number", "name": "VIP level", "name_zh": "贵宾等级"}
    assert administrator.post(NEW, new).status_code == 302
    row = CustomField.objects.get(key="vip_level")
    assert (row.kind, row.name_zh) == ("number", "贵宾等级")
    assert custom_field_key("VIP level") == row.key
    edit = f"{LIST}of/vip_level/"
    seen = administrator.get(edit).context["form"]["seen"].value()
    sent = {"name": "Rank", "name_zh": "贵宾等级", "key": "other", "kind": "date", "seen": seen}
    assert administrator.post(edit, sent).status_code == 302
    row.refresh_from_db()
    assert (row.key, row.kind, row.name) == ("vip_level", "number", "Rank")
    entries = AuditEntry.objects.filter(action="custom_field.change", target="customfield:vip_level").order_by("pk")
    assert [(one.actor, one.detail.get("changes")) for one in entries] == [
        (ada, None),
        (ada, {"name": ["VIP level", "Rank"]}),
    ]
    assert administrator.post(edit, sent).status_code == 302  # what was sent stands already
    assert administrator.post(edit, sent | {"name": "Other"}).status_code == 409


@pytest.mark.parametrize("key", ["VIP", "vip level", "_vip", "vip__x", "new", "", "é", "vip", "x" * 61, "a-b"])
def test_keys_that_no_delivery_could_name(administrator, key):
    make_custom_field(key="vip")
    assert administrator.post(NEW, {"key": key, "kind": "text", "name": "X"}).status_code == 422
    assert CustomField.objects.count() == 1


def test_only_administrators_declare_fields(client, mia, ada):
    make_custom_field(key="vip")
    client.force_login(mia)
    assert [client.get(url).status_code for url in (LIST, NEW, VIP)] == [403, 403, 403]
    with pytest.raises(Refused):
        create_own_field(actor=mia, key="x", values={"kind": "text", "name": "X"})
    with pytest.raises(ValueError, match="kind"):
        rename_own_field(actor=ada, key="vip", values={"kind": "date"}, seen=Seen())


def test_own_fields_in_chinese(administrator):
    administrator.cookies["django_language"] = "zh-hans"
    assert "自定义字段" in administrator.get(LIST).text
