from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from analytics.churn.learners import sketch
from analytics.monitoring.models import AlarmKind, RetrainProposal, WatchThreshold, WatchValue
from analytics.monitoring.queries import model_alarms
from analytics.monitoring.rules import Verdict, verdict
from analytics.monitoring.services import proposals
from analytics.monitoring.services.alarms import Figure, judge, store_values
from analytics.monitoring.services.nights import score_night
from analytics.monitoring.text import format_alarm
from retention.core.alerts.rules import KINDS, Severity
from retention.core.audit.models import AuditEntry
from retention.core.notices.models import Notice
from tests.analytics.monitoring.rows import draw, make_alarm, make_version
from tests.factories import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock", "thresholds")]
PAGES = ["/churn/watch/", "/churn/watch/months/", "/churn/watch/alarms/"]
M = WatchValue.Measure


@pytest.fixture
def watched():
    """Three nights of a champion."""
    version = make_version()
    for back in (2, 1, 0):
        night = TODAY - timedelta(days=back)
        counted = sketch.count(*draw(back + 5), version.reference)
        values, _figures = score_night(as_of=night, champion=version, counted=counted)
        store_values(values | {("unscored", ""): 0.0, ("tier", "high"): 0.1}, as_of=night, version=version.version)
    return version


def body(response) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


@pytest.mark.parametrize(("name", "sees"), [("ada", 200), ("mia", 200), ("lin", 200), ("sam", 403), ("ana", 403)])
def test_who_may_see_the_watch(client, name, sees, request) -> None:
    client.force_login(request.getfixturevalue(name))
    assert {client.get(page).status_code for page in PAGES} == {sees}


def test_open_alarms_are_told_in_plain_words(client, lin, watched) -> None:
    alarm = make_alarm()
    client.force_login(lin)
    page = body(client.get("/churn/watch/"))
    assert "Calls in, last 30 days: the distribution moved, PSI 0.41 since 12 Nov 2026" in page
    assert "blank for 38.0% of lines, was 2.0%" in page
    client.post(f"/churn/watch/alarms/{alarm.pk}/acknowledge/", {"note": "the feed is mended"})
    page = body(client.get("/churn/watch/"))
    assert "Acknowledged by lin" in page and "the feed is mended" in page


def test_a_quiet_watch_says_so_and_shows_every_factor(client, lin, watched) -> None:
    client.force_login(lin)
    page = body(client.get("/churn/watch/"))
    assert "No alarm is open" in page
    for text in ("Calls in, last 30 days", "Complaints", "Score drift against the reference", "Lines by risk tier"):
        assert text in page


def test_before_the_first_model_the_pages_say_so(client, lin) -> None:
    client.force_login(lin)
    assert "No model yet" in body(client.get("/churn/watch/"))
    assert "No month evaluated yet" in body(client.get("/churn/watch/months/"))
    assert "No alarm yet" in body(client.get("/churn/watch/alarms/"))


def test_an_administrator_decides_and_others_read(client, ada, lin, watched) -> None:
    make_alarm()
    proposals.propose(as_of=TODAY, version="v1")
    found = RetrainProposal.objects.get()
    client.force_login(lin)
    page = body(client.get("/churn/watch/"))
    assert "Proposal: train a new version" in page and "Train a challenger" not in page
    assert client.post(f"/churn/watch/proposals/{found.pk}/accept/").status_code == 403
    client.force_login(ada)
    assert "Train a challenger" in body(client.get("/churn/watch/"))
    client.post(f"/churn/watch/proposals/{found.pk}/decline/", {"reason": ""})
    assert RetrainProposal.objects.get().state == "open"
    client.post(f"/churn/watch/proposals/{found.pk}/decline/", {"reason": "a known migration"})
    assert RetrainProposal.objects.get().state == "declined"
    page = body(client.get("/churn/watch/"))
    assert "a known migration" in page and "Proposal: train a new version" not in page
    answer = client.post(f"/churn/watch/proposals/{found.pk}/accept/", follow=True)
    assert "Somebody has decided on this proposal already." in body(answer)


def test_an_accepted_proposal_is_shown_as_training(client, ada, watched) -> None:
    make_alarm()
    proposals.propose(as_of=TODAY, version="v1")
    client.force_login(ada)
    client.post(f"/churn/watch/proposals/{RetrainProposal.objects.get().pk}/accept/")
    assert "A worker is training." in body(client.get("/churn/watch/"))


@pytest.mark.parametrize("page", PAGES)
def test_every_list_goes_out_as_a_file_and_is_written_down(client, lin, watched, page) -> None:
    make_alarm()
    store_values({(M.ROWS, ""): 900, (M.LEAVERS, ""): 30, (M.LIFT, ""): 3.2}, as_of=TODAY - timedelta(60), version="v1")
    client.force_login(lin)
    text = body(client.get(page, {"export": "csv"}))
    assert {"/churn/watch/": "Complaints", "/churn/watch/months/": "3.2", "/churn/watch/alarms/": "PSI 0.41"}[
        page
    ] in text
    assert client.get(page, {"export": "xlsx"}).status_code == 200
    assert AuditEntry.objects.filter(actor=lin, action="export").count() == 2


def test_more_nights_and_alarms_cost_no_more_queries(client, lin, watched) -> None:
    client.force_login(lin)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/churn/watch/")
        return len(seen)

    make_alarm()
    queries()
    before = queries()
    for number in range(5):
        make_alarm(subject=f"complaints_{number}0d", acknowledged_at=NOW, acknowledged_by=lin)
    store_values({(M.SCORE_PSI, ""): 0.1}, as_of=TODAY - timedelta(days=9), version="v1")
    assert queries() <= before + 5  # a factor nobody declared is looked up among the operator's own fields


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "score", "subject": "", "detail": {"psi": 0.3}}, "The scores: their distribution moved, PSI 0.30"),
        ({"kind": "missing"}, "A feed may be broken"),
        (
            {"kind": "calibration", "subject": "under_6",
             "detail": {"month_end": "2026-09-30", "said": 0.02, "happened": 0.03}},
            "scores of 30 Sep 2026: 2.0% were said to leave, 3.0% left",
        ),
        (
            {"kind": "lift", "subject": "", "detail": {"month_end": "2026-09-30", "lift": 1.1, "promised": 3}},
            "the top tenth left 1.10 times as often as everybody, 3.00 were promised",
        ),
        ({"kind": "old", "subject": "", "value": 121, "detail": {}}, "The model was trained 121 days ago"),
        ({"kind": "unscored", "subject": "", "detail": {"since": "2026-11-17"}}, "since the night of 17 Nov 2026"),
        ({"kind": "unscored", "subject": "", "detail": {"since": ""}}, "No line has been scored yet"),
        ({"closed_on": TODAY}, "(over since 20 Nov 2026)"),
    ],
)  # fmt: skip
def test_every_kind_of_alarm_has_its_sentence(given, said) -> None:
    assert said in format_alarm(make_alarm(**given))


def test_thresholds_are_changed_in_the_administration_and_written_down(client, ada) -> None:
    client.force_login(ada)
    values = {"opens_at": "0.3", "closes_at": "0.1", "calm": "2", "floor": "500", "serious": "on"}
    page = "/admin/analytics/watchthreshold/feature/change/"
    assert client.post(page, values).status_code == 302
    assert WatchThreshold.objects.get(kind="feature").opens_at == 0.3
    entry = AuditEntry.objects.filter(actor=ada, action="watch.change").get()
    assert entry.target == "threshold:feature" and entry.detail == {"changes": {"opens_at": "0.3"}}
    answer = client.post(page, values | {"closes_at": "0.5"})
    assert "An alarm must open above the value at which it closes." in body(answer)


def test_the_home_page_counts_what_nobody_has_read(lin) -> None:
    make_alarm()
    make_alarm(subject="x", acknowledged_at=NOW, acknowledged_by=lin)
    make_alarm(subject="y", closed_on=TODAY)
    assert model_alarms().unattended(NOW).count() == 1


def test_the_sentence_speaks_the_language_of_the_reader() -> None:
    alarm = make_alarm()
    with translation.override("zh-hans"):
        assert format_alarm(alarm)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=open", {"x"}),
        ("state=closed", {"y"}),
        ("kind=model.missing", {"y"}),
        ("severity=3", {"x"}),
        ("", {"x", "y"}),
    ],
)
def test_the_history_is_filtered(client, lin, query, found) -> None:
    make_alarm(subject="x", severity=Severity.CRITICAL)
    make_alarm(kind="missing", subject="y", closed_on=TODAY)
    client.force_login(lin)
    rows = client.get(f"/churn/watch/alarms/?{query}").context["table"].paginated_rows
    assert {row.record.subject for row in rows} == found


@pytest.mark.parametrize("order", ["kind", "-opened_on", "closed_on", "severity", "peak"])
def test_the_history_is_put_in_any_order(client, lin, order) -> None:
    make_alarm()
    client.force_login(lin)
    assert client.get(f"/churn/watch/alarms/?sort={order}").status_code == 200


def test_an_alarm_is_owned_and_snoozed_on_the_page(client, lin, watched) -> None:
    alarm = make_alarm()
    client.force_login(lin)
    page = body(client.get("/churn/watch/"))
    assert "No owner" in page and "Assign to me" in page and "Severity: Major" in " ".join(page.split())
    client.post(f"/alerts/{alarm.pk}/own/")
    client.post(f"/alerts/{alarm.pk}/snooze/", {"days": "7"})
    page = " ".join(body(client.get("/churn/watch/")).split())
    assert "Owner: lin" in page and "Snoozed by lin until 2026-11-27 10:00" in page and "End snooze" in page
    assert "lin: owner: lin" in page and "lin: snoozed for 7 days" in page


def test_an_opening_is_a_notice_in_the_language_of_its_reader(lin) -> None:
    figure = Figure("feature", "calls_in_recent", 0.41, 900, {"psi": 0.41})
    judge(as_of=TODAY, version="v1", figures=[figure])
    judge(as_of=TODAY + timedelta(days=1), version="v1", figures=[figure])
    notice = Notice.objects.of(lin).get()
    assert notice.text == ("Feature drift: Calls in, last 30 days: the distribution moved, PSI 0.41 since 20 Nov 2026")
    with translation.override("zh-hans"):
        assert "近30天" in notice.text


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_is_declared_with_what_opens_it_and_what_it_means(kind) -> None:
    declared = KINDS[kind.alert_kind]
    assert str(declared.label) and str(declared.opens_when) and str(declared.meaning)


@pytest.mark.parametrize(
    ("psi", "beyond", "meaning"),
    [
        (0.1, 0.05, Verdict.USUAL),
        (7.6, 0.02, Verdict.CALENDAR),  # as it was a month ago
        (7.6, None, Verdict.UNJUDGED),
        (7.6, 0.9, Verdict.BEYOND),
    ],
)
def test_what_a_distance_means_follows_from_the_threshold(psi, beyond, meaning) -> None:
    assert verdict(psi=psi, beyond=beyond, limit=0.25) == meaning


def test_no_open_alarm_does_not_claim_that_all_is_as_it_was(client, lin, watched) -> None:
    """A PSI of 7.6 that nothing can be compared with is no alarm, and is said."""
    far = {("psi", "arrears"): 7.6, ("missing", "arrears"): 0.0}
    store_values(far, as_of=TODAY, version=watched.version)
    client.force_login(lin)
    answer = client.get("/churn/watch/")
    row = next(row.record for row in answer.context["table"].page.object_list if row.record["pk"] == "arrears")
    assert (row["psi"], row["verdict"]) == (7.6, Verdict.UNJUDGED)
    page = body(answer)
    assert "what comes in looks as it did when the model was trained" not in page
    assert "No alarm is open, but 1 factor lies far from the reference: 1 cannot be judged" in page
    assert "no night to compare with yet" in page


def test_a_night_that_was_not_watched_leaves_a_gap(client, lin, watched) -> None:
    WatchValue.objects.filter(as_of=TODAY - timedelta(days=1)).delete()
    client.force_login(lin)
    answer = client.get("/churn/watch/")
    score = answer.context["charts"][0]
    assert score["x"][1].endswith("\nnot scored")
    assert [value is None for value in score["series"][0]["values"]] == [False, True, False]
    row = answer.context["table"].page.object_list[0].record
    assert [value is None for value in row["psi_by_night"]] == [False, True, False]


def test_a_month_that_was_not_judged_leaves_a_gap(client, lin, watched) -> None:
    for end in (date(2026, 7, 31), date(2026, 9, 30)):
        kept = {
            ("rows", ""): 900.0,
            ("leavers", ""): 30.0,
            ("lift", ""): 3.0,
            ("said", ""): 0.03,
            ("happened", ""): 0.02,
        }
        store_values(kept, as_of=end, version=watched.version)
    client.force_login(lin)
    answer = client.get("/churn/watch/months/")
    rows = [row.record for row in answer.context["table"].page.object_list]
    assert [(row["month"].month, row["rows"]) for row in rows] == [(9, 900.0), (8, None), (7, 900.0)]
    lift = answer.context["charts"][0]
    assert lift["x"][1].endswith("\nnot judged")
    assert lift["series"][0]["values"] == [3, None, 3]
