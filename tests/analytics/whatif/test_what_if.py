import hashlib
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analytics.churn.learners import artefact
from analytics.churn.learners.fitting import fit
from analytics.churn.learners.settings import PartName, Settings
from analytics.churn.models import ModelVersion
from analytics.whatif.services import Prediction, leavers_of, subject_of
from retention.core import clock
from retention.core.audit.models import AuditEntry
from tests.factories import NOW, make_profile, make_risk_score, make_subscriber, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def packed():
    """A model fitted on lines where complaints and a lost discount drive people away and a contract holds them."""
    random = np.random.default_rng(5)
    rows = 1500
    complaints, lost = random.poisson(0.7, rows).astype("float32"), random.exponential(8, rows).astype("float32")
    bound, change = random.random(rows) < 0.5, random.normal(0, 0.3, rows).astype("float32")
    z = -2 + 0.9 * complaints + 0.06 * lost - 1.2 * bound - 1.0 * change
    frame = pd.DataFrame(
        {
            "complaints_90d": complaints,
            "discount_lost": lost,
            "in_contract": np.where(bound, "t", "f"),
            "data_change": change,
            "brand": random.choice(["Star", "Easy"], rows),
            "customer_kind": random.choice(["individual", "enterprise"], rows),
        }
    )
    label = (random.random(rows) < 1 / (1 + np.exp(-z))).astype(float)
    settings = Settings(parts=(PartName.TREES,), folds=2, depths=(3,), shares=0)
    return artefact.pack(fit(frame, label, settings=settings))


@pytest.fixture
def champion(packed):
    return ModelVersion.objects.create(
        version="m1", state="champion", created_at=NOW, promoted_at=NOW, artefact=packed,
        checksum=hashlib.sha256(packed).hexdigest(), tiers={"medium": 0.2, "high": 0.4, "critical": 0.6},
        reference={"features": {"discount_lost": {"kind": "number", "edges": [0.0, 10.0, 40.0]}}},
    )  # fmt: skip


@pytest.fixture
def line(branches):
    line = make_subscriber(branch=branches.outlet)
    make_profile(
        subscriber=line, complaints_90d=3, discount_lost=Decimal("20"), in_contract=False, data_change=-0.4,
        brand="Star", risk_probability=0.5,
    )  # fmt: skip
    return line


def get(client, user, line, query=""):
    client.force_login(user)
    with clock.freeze(NOW):
        return client.get(f"/churn/what-if/{line.subscriber_no}/{query}")


def test_the_line_as_it_is_has_its_score_and_its_strongest_factors_as_fields(client, mia, champion, line):
    page = get(client, mia, line)
    assert page.context["before"] == page.context["now"]
    assert {"f-complaints_90d", "f-discount_lost", "f-in_contract", "f-data_change"} <= set(page.context["form"].fields)
    assert "Complained 3 times in 90 days" in page.text
    assert 'value="-40"' in page.text
    assert "Nothing has been moved yet." in page.text
    assert "not what would happen" in page.text


def test_moving_a_factor_shows_the_new_score_and_what_it_does_alone(client, mia, champion, line):
    context = get(client, mia, line, "?f-complaints_90d=0&f-in_contract=t").context
    assert context["now"].probability < context["before"].probability
    alone = {row["key"]: row["alone"] for row in context["moved"].data}
    assert set(alone) == {"complaints_90d", "in_contract"}
    assert all(change < 0 for change in alone.values())
    assert context["now"].tier != context["before"].tier
    assert context["now"].themes["service"] < context["before"].themes["service"]


def test_the_change_is_told_as_a_share_as_lines_and_as_yuan(client, mia, champion, line):
    line.profile.arpu = Decimal("120")
    line.profile.save(update_fields=["arpu"])
    page = get(client, mia, line, "?f-complaints_90d=0&f-in_contract=t")
    was, will = page.context["before"].probability, page.context["now"].probability
    rows = page.context["pictures"].rows
    told = {row.record["what"]: [row.get_cell(name) for name in ("was", "will")] for row in rows}
    assert told == {
        "Churn probability": [f"{was:.1%}", f"{will:.1%}"],
        "Of 100 lines like this, leave": [str(round(was * 100)), str(round(will * 100))],
        "Monthly spend at risk": [f"¥{120 * was:.2f}", f"¥{120 * will:.2f}"],
    }
    people = rows[1].get_cell("difference")
    assert f"\N{MINUS SIGN}{round(was * 100) - round(will * 100)}</span>" in people
    assert "log-odds" not in page.text


@pytest.mark.parametrize(
    ("was", "will", "told"),
    [
        (0.33, 0.21, (100, 33, 21)), (0.33, 0.004, (1_000, 330, 4)), (0.0005, 0.0007, (10_000, 5, 7)),
        (0.2, 0.00001, (10_000, 2_000, 0)),
    ],
)  # fmt: skip
def test_lines_are_counted_of_as_many_as_show_one_that_leaves(was, will, told):
    assert leavers_of(was, will) == told


def test_a_reason_adds_what_the_chance_would_be_lower_without_it():
    seen = Prediction(probability=0.5, tier="high", reasons=[], themes={"service": math.log(3), "price": 0.0})
    assert seen.effects == pytest.approx({"service": 0.25, "price": 0})  # even odds against one to three


def test_the_chart_of_reasons_is_in_points_and_the_last_value_of_each_theme(client, mia, champion, line):
    context = get(client, mia, line, "?f-complaints_90d=0").context
    spec, now = context["theme_chart"], context["now"]
    assert spec["format"] == "points"
    values = spec["series"][1]["values"]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(max(now.effects.values()), abs=1e-4)


def test_a_share_is_typed_in_percent_and_a_blank_means_not_known(client, mia, champion, line):
    context = get(client, mia, line, "?f-data_change=50&f-discount_lost=").context
    subject = subject_of(line)
    moved = subject.with_values({"data_change": 0.5, "discount_lost": None})
    assert context["now"].probability == pytest.approx(moved.probability)
    assert [(row["was"], row["will"]) for row in context["moved"].data if row["key"] == "discount_lost"] == [
        ("20 yuan", "not known")
    ]


def test_what_is_left_as_it_was_counts_as_unmoved(client, mia, champion, line):
    form = get(client, mia, line).context["form"]
    query = "&".join(f"f-{factor.key}={factor.text}" for factor in form.factors)
    assert get(client, mia, line, f"?{query}").context["moved"].data.data == []


@pytest.mark.parametrize("query", ["?f-complaints_90d=many", "?f-in_contract=maybe", "?curve=nothing", "?f-brand=Moon"])
def test_a_wrong_entry_is_told_and_changes_nothing(client, mia, champion, line, query):
    page = get(client, mia, line, query)
    assert page.status_code == 200
    assert page.context["moved"].data.data == []
    assert page.context["form"].errors


def test_the_curve_goes_over_the_usual_range_through_the_line_as_it_is(client, mia, champion, line):
    context = get(client, mia, line, "?curve=discount_lost").context
    curve = context["curve"]
    assert "Discount lost" in curve["title"]
    assert curve["x"][0] == "0 yuan" and curve["x"][-1] == "40 yuan"
    values = curve["series"][0]["values"]
    assert len(values) in {20, 21}
    assert values[-1] > values[0]
    assert values[curve["x"].index("20 yuan")] == pytest.approx(context["before"].probability)


def test_the_curve_of_a_choice_has_a_bar_for_each_answer(client, mia, champion, line):
    curve = get(client, mia, line, "?curve=in_contract").context["curve"]
    assert (curve["kind"], curve["x"]) == ("bar", ["yes", "no"])
    assert curve["series"][0]["values"][0] < curve["series"][0]["values"][1]


def test_what_one_may_not_see_is_not_there(client, ana, champion, line, branches):
    elsewhere = make_user(username="hal", role="manager", branch=branches.other)
    assert get(client, elsewhere, line).status_code == 404
    assert get(client, ana, line).status_code == 403
    assert not AuditEntry.objects.filter(action="customer.view").exists()


def test_looking_is_in_the_trail(client, mia, champion, line):
    get(client, mia, line)
    assert AuditEntry.objects.get(action="customer.view").detail["page"] == "what-if"


def test_without_a_model_or_a_score_the_page_says_so(client, mia, line):
    assert "This line has no score" in get(client, mia, line).text


def test_a_line_that_is_not_profiled_has_no_what_if(client, mia, champion, line):
    customer = line.account.customer
    customer.profiling_opt_out = True
    customer.save(update_fields=["profiling_opt_out"])
    assert "This line has no score" in get(client, mia, line).text


def test_a_damaged_model_is_told_in_a_sentence(client, mia, champion, line):
    ModelVersion.objects.update(artefact=b"damaged", checksum="0")
    page = get(client, mia, line)
    assert page.status_code == 200
    assert "damaged" in page.text


def test_the_way_there_is_on_the_lines_page_for_who_may_see_the_model(client, mia, champion, line):
    make_risk_score(subscriber=line)
    client.force_login(mia)
    with clock.freeze(NOW):
        page = client.get(f"/customers/{line.subscriber_no}/")
    assert f"/churn/what-if/{line.subscriber_no}/" in page.text
