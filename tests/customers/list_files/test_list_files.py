"""A file into a list: good rows land with source and proof, bad ones are named by row, field and reason."""

from io import BytesIO

import pytest

from customers.list_files.services import load_list
from customers.lists.models import ListEntry, OwnList
from customers.lists.queries import history_of
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid, Refused
from tests.factories import NOW, TODAY, make_list_entry, make_profile, make_subscriber, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
PAGE = "/administration/lists/file/"


def make_line(branch):
    return make_profile(subscriber=make_subscriber(branch=branch)).subscriber


def load(actor, text: str, **given):
    values = {"kind": "blacklist", "own_list": None, "reason": "by decree", "name": "black.csv", "now": NOW} | given
    return load_list(actor=actor, file=BytesIO(text.encode()), **values)


def problems(loaded) -> list[tuple]:
    return [(one["row"], one["field"], one["code"]) for one in loaded.rejections]


def test_good_rows_land_and_bad_ones_are_named(mia, branches):
    first, second, third = (make_line(branches.outlet) for _ in range(3))
    make_list_entry(customer=third.account.customer, kind="blacklist")
    numbers = [line.account.customer.customer_no for line in (first, second, third)]
    rows = [
        "customer_no,channel,starts_on,ends_on,reason,proof",
        f"{numbers[0]},,,,owes for years,T-1",
        f"{numbers[1]},SMS,2026-11-25,2027-01-31,,",
        f"{numbers[0]},,,,,",
        f"{numbers[2]},,,,,",
        "C-NOBODY,,,,,",
        f"{numbers[1]},pigeon,,,,",
        f"{numbers[1]},email,2026-13-01,,,",
        f"{numbers[1]},email,2026-12-01,2026-11-30,,",
        ",,,,,",
        f"{numbers[1]},call,,,{'x' * 201},",
    ]

    loaded = load(mia, "\n".join(rows))

    assert (loaded.rows, loaded.landed, loaded.rejected) == (10, 2, 8)
    assert problems(loaded) == [
        (3, "customer_no", "repeated"), (4, "customer_no", "already_listed"), (5, "customer_no", "unknown"),
        (6, "channel", "invalid"), (7, "starts_on", "invalid"), (8, "ends_on", "before_start"),
        (9, "customer_no", "required"), (10, "reason", "too_long"),
    ]  # fmt: skip
    one = ListEntry.objects.get(customer=first.account.customer)
    assert (one.reason, one.proof, one.source, one.created_by) == ("owes for years", "T-1", "file", mia)
    assert (one.starts_on, one.ends_on, one.channel) == (TODAY, None, "any")
    other = ListEntry.objects.get(customer=second.account.customer)
    assert (other.reason, other.proof, other.channel, str(other.ends_on)) == (
        "by decree", "black.csv", "sms", "2027-01-31",
    )  # fmt: skip
    first.profile.refresh_from_db()
    second.profile.refresh_from_db()
    assert (first.profile.on_blacklist, bool(second.profile.on_blacklist)) == (True, False)
    assert history_of(one).get().detail["source"] == "file"
    trail = AuditEntry.objects.get(action="customer.list_file")
    assert (trail.detail["landed"], trail.detail["rejected"], trail.detail["file"]) == (2, 8, "black.csv")


def test_the_same_file_again_lands_nothing(mia, branches):
    text = f"customer_no\n{make_line(branches.outlet).account.customer.customer_no}\n"
    assert load(mia, text).landed == 1
    again = load(mia, text)
    assert (again.landed, problems(again)) == (0, [(1, "customer_no", "already_listed")])
    assert ListEntry.objects.count() == 1


def test_customers_of_another_branch_are_unknown(branches):
    manager = make_user(role="manager", branch=branches.other)
    loaded = load(manager, f"customer_no\n{make_line(branches.outlet).account.customer.customer_no}\n")
    assert problems(loaded) == [(1, "customer_no", "unknown")]


def test_chinese_heads_and_an_own_list(mia, branches):
    own = OwnList.objects.create(code="vip", name="VIPs", enabled=True)
    line = make_line(branches.outlet)
    text = f"客户编号,原因,凭证\n{line.account.customer.customer_no},本人要求,录音7\n"
    assert load(mia, text, kind="own", own_list=own).landed == 1
    entry = ListEntry.objects.get()
    assert (entry.own_list, entry.reason, entry.proof) == (own, "本人要求", "录音7")


@pytest.mark.parametrize(
    ("text", "says"),
    [("number\n1\n", "customer_no"), ("customer_no,colour\n1,red\n", "colour"), ("PK\x03\x04 workbook", "CSV")],
)
def test_a_file_that_is_none_is_refused_with_the_reason(mia, text, says):
    with pytest.raises(Invalid) as error:
        load(mia, text)
    assert says in str(error.value)
    assert not ListEntry.objects.exists()


def test_who_may_not_keep_the_list_loads_nothing(ana, lin):
    for person in (ana, lin):
        with pytest.raises(Refused):
            load(person, "customer_no\n1\n", kind="do_not_disturb")


def test_the_page_loads_a_file_and_names_its_bad_rows(manager, branches):
    line = make_line(branches.outlet)
    text = f"customer_no\n{line.account.customer.customer_no}\nNOBODY\n".encode()
    file = BytesIO(text)
    file.name = "red.csv"
    answer = manager.post(PAGE, {"kind": "red_list", "reason": "by decree", "file": file})
    assert "2 rows read: 1 landed, 1 did not." in answer.text
    assert "no such customer" in answer.text
    opened = manager.get(answer.context["entries_url"]).context["table"]
    assert opened.paginator.count == 1
    empty = manager.post(PAGE, {"kind": "red_list", "reason": "x"})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["file"])
    bad = BytesIO(b"colour\nred\n")
    bad.name = "bad.csv"
    answer = manager.post(PAGE, {"kind": "red_list", "reason": "x", "file": bad})
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors
