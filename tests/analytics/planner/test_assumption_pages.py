from datetime import timedelta

import pytest

from analytics.valuation import services
from analytics.valuation.models import Experiment, Treatment, ValueTerms
from analytics.valuation.rules.economics import Economics
from retention.core import clock
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, NotFound, Refused
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
URL = "/churn/value/"
COUNTS = {"treated": 10_000, "treated_left": 300, "control": 10_000, "control_left": 400}
TEST = {"kind": "renewal", "as_of": TODAY, "source": "November calls", **COUNTS}
TERMS = {
    "margin": "0.5", "discount_a_year": "0.08", "horizon_months": "24", "leaving_a_month": "0.03",
    "saved_leaves": "1.5", "contact_cost": "6", "mid_from": "50", "high_from": "100",
}  # fmt: skip


@pytest.fixture
def root(client, mia):
    client.force_login(mia)
    return client


def post(client, url, **data):
    with clock.freeze(NOW):
        return client.post(URL + url, data)


def test_the_page_says_of_each_segment_what_it_is_known_from(root, mia):
    services.record_experiment(actor=mia, now=NOW, **TEST)
    with clock.freeze(NOW):
        text = root.get(URL).text
    assert "Tests: 1, 700 leavers" in text
    assert "Assumption: tests saw 0 of 40 leavers" in text
    assert "November calls" in text


def test_terms_are_set_for_a_line_type_and_audited(root):
    assert post(root, "terms/broadband/", **TERMS).status_code == 302
    row = ValueTerms.objects.get()
    assert (row.line_type, row.margin, row.horizon_months) == ("broadband", 0.5, 24)
    entry = AuditEntry.objects.get(action="value.change")
    assert entry.detail["changes"]["margin"] == ["0.45", "0.5"]
    assert post(root, "terms/others/", **TERMS | {"margin": "0.6"}).status_code == 302
    assert set(ValueTerms.objects.values_list("line_type", "margin")) == {("broadband", 0.5), ("", 0.6)}


@pytest.mark.parametrize(
    "wrong", [{"margin": "1.5"}, {"high_from": "10"}, {"horizon_months": "0"}, {"contact_cost": "-1"}, {"margin": ""}]
)
def test_terms_that_cannot_be_are_told_at_their_field(root, wrong):
    answer = post(root, "terms/mobile/", **TERMS | wrong)
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.context["form"].errors
    assert not ValueTerms.objects.exists()


def test_a_treatments_belief_is_changed_and_used(root):
    values = {"save_rate": "0.3", "weight": "10", "enough": "20", "acceptance": "0.5", "offer_cost": "30"}
    assert post(root, "treatments/gift/", **values).status_code == 302
    assert Treatment.objects.get().save_rate == 0.3
    assert Economics.current().rates["gift", "over_12", "low"].rate == pytest.approx(0.3)
    assert post(root, "treatments/gift/", **values | {"save_rate": "1"}).status_code == 422


def test_a_test_is_recorded_with_who_and_when(root, mia):
    given = TEST | {"cohort": "over_12", "band": "", "as_of": TODAY.isoformat()}
    assert post(root, "tests/new/", **given).status_code == 302
    row = Experiment.objects.get()
    assert (row.recorded_by, row.recorded_at, row.cohort, row.band) == (mia, NOW, "over_12", "")
    assert AuditEntry.objects.get(action="value.change").detail["recorded"]["treated"] == 10_000


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"treated_left": 10_001}, "treated_left"),
        ({"control_left": 10_001}, "control_left"),
        ({"control": 0, "control_left": 0}, "control"),
        ({"as_of": TODAY + timedelta(days=1)}, "as_of"),
        ({"kind": "magic"}, "kind"),
        ({"cohort": "elders"}, "cohort"),
        ({"source": " "}, "source"),
        ({"treated": -1}, "treated"),
    ],
)
def test_a_test_that_cannot_be_is_refused_at_its_field(mia, wrong, field):
    with pytest.raises(Invalid) as caught:
        services.record_experiment(actor=mia, now=NOW, **TEST | wrong)
    assert caught.value.details[0]["field"] == field
    assert not Experiment.objects.exists()


def test_a_test_is_recorded_once_a_segment_until_it_is_withdrawn(mia):
    row = services.record_experiment(actor=mia, now=NOW, **TEST)
    with pytest.raises(Conflict):
        services.record_experiment(actor=mia, now=NOW, **TEST)
    services.withdraw_experiment(actor=mia, pk=row.pk, now=NOW)
    services.record_experiment(actor=mia, now=NOW, **TEST)
    with pytest.raises(NotFound):
        services.withdraw_experiment(actor=mia, pk=row.pk, now=NOW)
    assert Experiment.objects.count() == 2


def test_the_system_may_record_a_test_that_nobody_typed():
    assert services.record_experiment(actor=None, now=NOW, **TEST).recorded_by is None


def test_only_who_answers_for_the_whole_base_changes_anything(client, branches, lin):
    city = make_user(role="manager", branch=branches.city)
    with pytest.raises(Refused):
        services.save_assumptions(actor=city, line_type="", values={})
    with pytest.raises(Refused):
        services.record_experiment(actor=lin, now=NOW, **TEST)
    for person in (city, lin):
        client.force_login(person)
        assert client.get(URL).status_code == 200
        assert "Record a test" not in client.get(URL).text
        for url in ("terms/others/", "treatments/gift/", "tests/new/", "tests/1/withdraw/"):
            assert client.get(URL + url).status_code == 403
            assert post(client, url).status_code == 403


def test_withdrawing_is_asked_about_first(root, mia):
    row = services.record_experiment(actor=mia, now=NOW, **TEST)
    assert "November calls" in root.get(f"{URL}tests/{row.pk}/withdraw/").text
    assert post(root, f"tests/{row.pk}/withdraw/").status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at == NOW
    assert "Withdrawn" in root.get(URL).text


@pytest.mark.parametrize("url", ["terms/none/", "treatments/none/", "tests/987654/withdraw/"])
def test_what_is_not_there_is_not_found(root, url):
    assert root.get(URL + url).status_code == 404


def test_the_tests_are_exported(root, mia):
    services.record_experiment(actor=mia, now=NOW, **TEST)
    for kind in ("csv", "xlsx"):
        assert "attachment" in root.get(f"{URL}?export={kind}").headers["Content-Disposition"]
