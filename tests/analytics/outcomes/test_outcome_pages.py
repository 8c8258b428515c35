"""The pages of outcomes and factors: whose they are, what they say, what may be changed."""

from datetime import date

import pytest
from django.urls import reverse

from analytics.churn.models import OutcomeDefinition
from analytics.outcomes.models import FactorGain, OutcomeCount, RiskBand
from analytics.outcomes.services.counts import record_outcomes
from analytics.outcomes.services.definitions import install_definitions
from analytics.outcomes.services.factors import record_factors
from customers.profile.models import ProfileSnapshot
from retention.core.audit.models import AuditEntry
from tests.analytics.outcomes.bases import SNAPSHOT, leaver, make_line
from tests.factories import make_custom_field, make_user

pytestmark = pytest.mark.django_db
OUTCOMES, FACTORS = "/churn/outcomes/", "/churn/factors/"
SAVED = {"observation_months": 3, "gap_days": 5, "horizon_days": 45}
DEFINITION = {
    "gap": 7, "horizon": 30, "observation": 3, "bills": 2, "fall_share": 0.2, "edges": [], "brands": [],
}  # fmt: skip


def count(snapshot: date, fate: str, lines: int, **more: str) -> None:
    values = {"meaning": "leaves", "line_type": "mobile", "cohort": "over_12", "definition": DEFINITION}
    OutcomeCount.objects.create(snapshot=snapshot, fate=fate, lines=lines, **values | more)


@pytest.fixture
def counts(db: None) -> None:
    install_definitions()
    for fate, lines in (("stays", 9600), ("port_out", 300), ("silent", 100), ("arrears", 41), ("promotion", 77)):
        count(date(2026, 8, 31), fate, lines)
    count(date(2026, 10, 31), "not_mature", 10_100)


@pytest.fixture
def factors(db: None) -> None:
    make_custom_field(key="region", name="Region", name_zh="地区")
    for month, rank in ((date(2026, 7, 31), 5), (date(2026, 8, 31), 2)):
        total = {"lines": 10_000, "leavers": 400}
        FactorGain.objects.create(
            snapshot=month, factor="voice_in_change", rank=rank, gain=0.01, gain_ratio=0.003, **total
        )
    FactorGain.objects.create(
        snapshot=date(2026, 8, 31),
        factor="attributes.region",
        rank=1,
        gain=0.02,
        gain_ratio=0.1,
        lines=10_000,
        leavers=400,
    )
    band = {"lines": 700, "leavers": 140, "rate": 0.2, "rate_low": 0.17, "rate_high": 0.23, "lift": 5.0}
    RiskBand.objects.create(snapshot=date(2026, 8, 31), rank=1, factor="voice_in_change", high=-0.35, **band)


def test_a_month_is_told_in_full(client, ada, counts):
    client.force_login(ada)
    page = client.get(OUTCOMES)
    text = page.content.decode()
    assert page.context["detail"]["title"] == "Aug 2026"
    for words in (
        "Counted by: In the 30 days after a gap of 7 days",
        "Ported out",
        "Fell silent",
        "Terminated for arrears",
        "Joined on a promotion",
        "4.0%",
    ):
        assert words in text


def test_a_month_that_is_not_mature_says_when_it_will_be(client, ada, counts):
    client.force_login(ada)
    assert "will be known on 7 Dec 2026" in client.get(OUTCOMES).content.decode()


def test_the_export_has_a_column_for_every_fate_and_is_in_the_trail(client, ada, counts):
    client.force_login(ada)
    text = b"".join(client.get(OUTCOMES, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "Left inside the gap" in text
    assert "10118" in text.replace(",", "\n").splitlines()
    assert AuditEntry.objects.filter(action="export", target="outcomes").exists()


@pytest.mark.parametrize(("role", "place", "sees"), [
    ("manager", "province", True), ("manager", "city", False), ("analyst", "province", True),
    ("analyst", "city", False), ("administrator", "city", True), ("agent", "province", None),
])  # fmt: skip
def test_counts_of_the_whole_base_are_for_those_who_see_it(client, branches, counts, factors, role, place, sees):
    person = make_user(role=role, branch=getattr(branches, place))
    assert OutcomeCount.objects.visible_to(person).exists() is bool(sees)
    client.force_login(person)
    for address, said in ((OUTCOMES, "Ported out"), (FACTORS, "Region")):
        page = client.get(address)
        assert page.status_code == (403 if sees is None else 200)
        assert (said in page.content.decode()) is bool(sees)


def test_a_manager_without_a_branch_sees_no_counts(counts):
    assert not OutcomeCount.objects.visible_to(make_user(role="manager", branch=None)).exists()


def test_a_definition_is_changed_and_one_of_its_own_goes_again(client, ada, counts):
    client.force_login(ada)
    own = reverse("analytics:outcome-define", args=["leaves", "broadband"])
    assert 'value="30"' in client.get(own).content.decode()  # begins from the one for all
    assert client.post(own, SAVED).status_code == 302
    assert OutcomeDefinition.objects.get(line_type="broadband").horizon_days == 45
    assert "45 days after a gap of 5 days" in client.get(OUTCOMES).content.decode()

    client.post(reverse("analytics:outcome-remove", args=["leaves", "broadband"]))
    assert not OutcomeDefinition.objects.filter(line_type="broadband").exists()
    client.post(reverse("analytics:outcome-remove", args=["leaves", "all"]))
    assert OutcomeDefinition.objects.filter(meaning="leaves", line_type="").exists()


@pytest.mark.parametrize("edges", ["40, 20", "a, b", ""])
def test_tiers_that_make_no_sense_come_back_with_a_sentence(client, ada, counts, edges):
    client.force_login(ada)
    address = reverse("analytics:outcome-define", args=["spends_less", "all"])
    values = {"observation_months": 3, "gap_days": 0, "outcome_months": 2, "fall_share": 0.2, "edges": edges}
    page = client.post(address, values)
    assert page.status_code == 422
    assert page.context["form"].errors["edges"]


def test_tiers_may_be_written_with_chinese_commas(client, ada, counts):
    client.force_login(ada)
    values = {"observation_months": 3, "gap_days": 0, "outcome_months": 2, "fall_share": 0.2, "edges": "20，45.5"}
    client.post(reverse("analytics:outcome-define", args=["spends_less", "all"]), values)
    assert OutcomeDefinition.objects.get(meaning="spends_less").edges == [20, 45.5]


@pytest.mark.parametrize("address", ["leaves/nothing/", "nothing/all/"])
def test_what_is_no_meaning_or_line_type_is_not_found(client, ada, address):
    client.force_login(ada)
    assert client.get(f"{OUTCOMES}{address}").status_code == 404


def test_factors_are_told_with_their_rank_of_the_month_before(client, ada, factors):
    client.force_login(ada)
    page = client.get(FACTORS)
    gains = page.context["table"].data.data
    assert [(one["label"], one["rank"], one["moved"]) for one in gains] == [
        ("Region", 1, None),
        ("Minutes in, change", 2, 3),
    ]
    assert "below −35%" in page.content.decode()
    assert client.get(FACTORS, {"month": "2026-07-31"}).context["month"] == "Jul 2026"
    assert "Too few lines" in client.get(FACTORS, {"cohort": "under_6"}).content.decode()


@pytest.mark.parametrize(("query", "said"), [({}, "Information gain"), ({"list": "bands"}, "At least")])
def test_both_tables_of_factors_are_exported(client, ada, factors, query, said):
    client.force_login(ada)
    text = b"".join(client.get(FACTORS, query | {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert said in text


def test_before_anything_is_counted_the_pages_say_so(client, ada):
    client.force_login(ada)
    assert "Nothing counted yet" in client.get(OUTCOMES).content.decode()
    assert "No factor table yet" in client.get(FACTORS).content.decode()


def test_the_factor_tables_of_a_base_lead_with_the_factor_that_tells(db):
    for number in range(120):
        complains = number % 3 == 0
        row = {"complaints_90d": 3 if complains else 0, "stops_180d": number % 2}
        make = leaver if complains and number % 2 == 0 else make_line
        make(snapshot=row, **({"after": 20} if make is leaver else {}))
    as_of = date(2026, 10, 31)
    ProfileSnapshot.objects.filter(as_of=SNAPSHOT).update(arpu=50)

    assert record_factors(as_of=as_of) > 0
    assert record_factors(as_of=as_of) == 0
    assert set(FactorGain.objects.values_list("snapshot", flat=True)) == {SNAPSHOT}

    assert FactorGain.objects.filter(cohort="").order_by("rank").first().factor in {"complaints_90d", "stops_180d"}
    band = RiskBand.objects.get(cohort="", factor="stops_180d")
    assert (band.low, band.high, band.lines, band.leavers) == (None, 1.0, 60, 20)
    assert not FactorGain.objects.filter(cohort="under_6").exists()
    assert record_outcomes(as_of=as_of) > 0
