"""From the file to the rows, as a person goes through the pages."""

import io

import pytest

from customers.facts.models import Attribute, Customer
from customers.imports.models import SavedMapping, Upload
from customers.imports.services import jobs, storage
from customers.imports.tasks import resume_imports
from customers.ingest.services import file_rows, loading
from retention.core.audit.models import AuditEntry
from retention.core.jobs.models import Job
from tests.customers.imports.conftest import GOOD, csv_of
from tests.factories import NOW, make_subscriber

BAD = "C3,陈静,个人,女,P1,13800000003,2021/02/30"


@pytest.fixture
def sent(importer, branches) -> Upload:
    return importer.upload(csv_of(*GOOD, BAD))


def names() -> dict[str, str]:
    return dict(Customer.objects.order_by("customer_no").values_list("customer_no", "name"))


def test_a_file_is_recognised_mapped_previewed_and_run(importer, sent):
    assert sent.resource == "customers"
    assert (
        importer.post("columns", sent.pk, do="next", **importer.fields(sent)).headers["Location"].endswith("/preview/")
    )
    shown = importer.get("preview", sent.pk).context["shown"]
    assert (shown.good, shown.waiting, shown.bad) == (2, 0, 1)
    done = importer.run(sent)
    assert (done.job.state, done.job.counts["applied"], done.job.counts["rejected"]) == (Job.State.GAPS, 2, 1)
    assert names() == {"C1": "王芳", "C2": "李伟"}
    assert Customer.objects.get(customer_no="C2").kind == Customer.Kind.ENTERPRISE
    page = importer.get("detail", sent.pk)
    assert "does not exist" in page.text and "/rejected/" in page.text


def test_the_preview_tells_what_the_run_does(importer, branches):
    rows = [
        *GOOD,
        BAD,
        "C4,,个人,女,P1,,2020/01/01",
        "C5,周,个人,女,NOWHERE,,2020/01/01",
        "C1,Other,个人,女,P1,,",
        "C6,x,外星",
    ]
    upload = importer.upload(csv_of(*rows))
    first = importer.get("preview", upload.pk).context["shown"]
    whole = importer.get("preview", upload.pk, query="?whole=1").context["counted"]
    assert not Customer.objects.exists()
    counts = importer.run(upload).job.counts
    ran = (counts["applied"] + counts["unchanged"], counts["waiting"], counts["rejected"])
    assert (first.good, first.waiting, first.bad) == ran == (2, 1, 4)
    assert (whole.good, whole.waiting, whole.bad) == ran


def test_of_a_failed_import_no_row_is_said_to_have_landed(importer, branches):
    line = make_subscriber().subscriber_no
    calls = "".join(f"{line},2026-10-27,{seconds},0,1,0,0,0\n" for seconds in (511, 820, 869))
    header = "subscriber_no,day,voice_out_s,voice_in_s,calls_out,calls_in,sms_out,data_mb\n"
    done = importer.run(importer.upload(header + calls, resource="usage-days"))
    assert done.state == Job.State.FAILED
    page = importer.get("detail", done.pk).text
    assert "have to be added up" in page and "Every row has landed" not in page


def test_instants_are_previewed_in_the_operators_zone_and_strange_ones_as_they_were_sent(importer, branches):
    at = ["2026-10-01T01:00:00+08:00", "2026-09-30T17:00:00Z", "0001-01-01T00:00:00+14:00"]
    rows = [f"Z{n},A1,{one},5" for n, one in enumerate(at)]
    text = "\n".join(["payment_no,account_no,paid_at,amount", *rows])
    upload = importer.upload(text, resource="payments")
    shown = importer.get("preview", upload.pk).context["shown"]
    said = [row.cells[2].shown for row in shown.rows]
    assert said == ["2026-10-01 01:00:00+08:00", "2026-10-01 01:00:00+08:00", at[2]]
    assert (shown.bad, shown.counts["out_of_range"]) == (1, 1)


def test_errors_are_told_in_the_readers_language(importer, sent, ada):
    ada.language = "zh-hans"
    ada.save()
    importer.client.cookies["django_language"] = "zh-hans"
    shown = importer.get("preview", sent.pk).context["shown"]
    (bad,) = [row for row in shown.rows if row.wrong]
    assert bad.number == 3 and "2021/02/30" in bad.wrong[0] and "Row" not in bad.wrong[0]


def test_a_constant_a_second_use_and_a_translated_value(importer, branches):
    upload = importer.upload(csv_of("C9,Amy,alien", header="id,name,sort"), resource="customers")
    assert importer.post("columns", upload.pk, do="next", **importer.fields(upload)).status_code == 422
    chosen = {
        "field-0": "customer_no",
        "field-1": "name",
        "field-2": "kind",
        "const-branch_code": "P1",
        "from-email": "name",
    }
    importer.post("columns", upload.pk, do="refresh", **chosen)
    fields = importer.fields(upload) | {"value-2-0": "individual"}
    assert importer.post("columns", upload.pk, do="next", **fields).status_code == 302
    importer.run(upload)
    amy = Customer.objects.get(customer_no="C9")
    assert (amy.kind, amy.branch.code, amy.email) == ("individual", "P1", "Amy")


def test_one_field_cannot_be_two_columns(importer, sent):
    fields = importer.fields(sent) | {"field-1": "customer_no"}
    answer = importer.post("columns", sent.pk, do="next", **fields)
    assert answer.status_code == 422 and "more than one column" in answer.text


def test_a_saved_mapping_is_offered_when_the_columns_are_the_same(importer, sent):
    fields = importer.fields(sent) | {"way-6": "dmy-slash"}
    importer.post("columns", sent.pk, do="save", save_as="Monthly list", **fields)
    saved = SavedMapping.objects.get(name="Monthly list")
    again = importer.upload(csv_of("C7,Neo,个人,男,P1,,31/01/2020"))
    assert (again.mapping_name, again.mapping) == ("Monthly list", saved.document)
    assert "Monthly list" in importer.get("columns", again.pk).text
    importer.run(again)
    assert str(Customer.objects.get(customer_no="C7").joined_on) == "2020-01-31"


def test_a_mapping_goes_out_as_toml_and_comes_back(importer, sent):
    text = importer.get("mapping", sent.pk).text
    assert 'customer_no = "客户编号"' in text
    changed = text.replace('name = "姓名"', 'name = { template = "{姓名} ({客户编号})" }')
    other = importer.upload(csv_of(*GOOD))
    file = io.BytesIO(changed.encode())
    file.name = "mine.toml"
    importer.post("mapping-use", other.pk, file=file)
    assert "exactly as it is written" in importer.get("columns", other.pk).text
    importer.run(other)
    assert names()["C1"] == "王芳 (C1)"


def test_a_mapping_file_that_cannot_be_used_is_refused_in_a_sentence(importer, sent):
    for text, words in (("x = [", "not TOML"), ('resource = "bills"\n[columns]\nmonth = "no such"', "does not have"),
                        ('resource = "customers"\ncolumns = 3', "cannot be used")):  # fmt: skip
        file = io.BytesIO(text.encode())
        file.name = "bad.toml"
        importer.post("mapping-use", sent.pk, file=file)
        assert words in importer.get("columns", sent.pk).text, words


def test_the_same_file_started_twice_is_one_job(importer, sent):
    importer.run(sent)
    twin = importer.run(importer.upload(csv_of(*GOOD, BAD)))
    first = Upload.objects.get(pk=sent.pk)
    assert twin.job_id == first.job_id
    assert (first.tally["applied"], first.state, twin.tally["unchanged"]) == (2, Job.State.GAPS, 2)
    assert twin.job.counts["applied"] == 0 and len(names()) == 2
    importer.post("run", twin.pk)
    assert Job.objects.filter(kind="import").count() == 1


def test_a_killed_run_goes_on_after_what_it_committed(importer, branches, monkeypatch):
    monkeypatch.setattr(file_rows, "CHUNK_ROWS", 2)
    upload = importer.upload(csv_of(*GOOD, *[f"D{i},Name,个人,女,P1,," for i in range(6)]))
    whole, calls = loading.load_chunk, []

    def dies(*args: object, **more: object) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt  # as a killed worker: nothing is said on the job's row
        whole(*args, **more)

    monkeypatch.setattr(loading, "load_chunk", dies)
    with pytest.raises(KeyboardInterrupt):
        importer.post("run", upload.pk)
    upload.refresh_from_db()
    Job.objects.filter(pk=upload.job_id).update(state=Job.State.RUNNING, error="")
    assert Customer.objects.count() == 4
    monkeypatch.setattr(loading, "load_chunk", whole)
    resume_imports()
    upload.job.refresh_from_db()
    assert (upload.job.state, upload.job.counts["applied"]) == (Job.State.DONE, 8)
    assert jobs.stalled_imports() == []


def test_files_are_deleted_after_their_time(importer, sent, files):
    draft = importer.upload(csv_of(*GOOD), name="never-started.csv")
    importer.run(sent)
    assert jobs.delete_old_files(now=NOW) == 0
    assert jobs.delete_old_files(now=NOW + jobs.FILE_RETENTION * 2) == 2
    assert not any((files / "imports").glob("*"))
    assert not Upload.objects.filter(pk=draft.pk).exists()
    page = importer.get("detail", sent.pk)
    assert page.status_code == 200 and "no longer kept" in page.text
    assert importer.get("rejected", sent.pk).status_code == 404


def test_wide_rows_become_custom_fields_that_the_run_declares(importer, branches):
    line = make_subscriber(branch=branches.city)
    upload = importer.upload(
        csv_of(f"{line.subscriber_no},yes,3", "NOBODY,no,4", header="用户编号,有合约,投诉数"), resource="attributes"
    )
    shown = importer.get("preview", upload.pk).context["shown"]
    counts = importer.run(upload).tally
    assert (
        (shown.good, shown.waiting, shown.bad)
        == (counts["applied"], counts["waiting"], counts["rejected"])
        == (2, 2, 0)
    )
    assert Attribute.objects.filter(subscriber=line).count() == 2


def test_a_failed_import_can_be_taken_up_again(importer, branches, files):
    upload = importer.upload(csv_of(*GOOD))
    path = storage.path_of(upload)
    whole = path.read_bytes()
    path.write_bytes(whole + b'"C8,never closed\n')
    broken = importer.run(upload)
    assert broken.state == Job.State.FAILED and "quote" in importer.get("detail", upload.pk).text
    assert importer.post("run", upload.pk).status_code == 302
    upload.refresh_from_db()
    assert upload.job.attempts == 1 and upload.state == Job.State.FAILED


def test_every_deed_is_in_the_trail(importer, sent):
    importer.run(sent)
    importer.get("rejected", sent.pk, query="?export=csv")
    deeds = AuditEntry.objects.filter(target=f"upload:{sent.pk}").order_by("pk")
    assert [(d.action, d.detail.get("deed", "")) for d in deeds] == [
        ("facts.import", "send"), ("facts.import", "start"), ("export", ""),
    ]  # fmt: skip


def test_a_started_import_cannot_be_changed(importer, sent):
    importer.run(sent)
    assert importer.get("columns", sent.pk).status_code == 302
    assert importer.post("delete", sent.pk).status_code == 409
    assert storage.path_of(sent).exists()
