"""Changing a matrix on its page: bands without gaps, numbers of rules, exclusions, copies and who may."""

from copy import deepcopy
from typing import Any

import pytest

from campaigns.audiences.rules import audience, format_rule, rule_catalogue
from campaigns.segments.models import Segmentation
from campaigns.segments.rules import read_matrix
from campaigns.segments.services.placement import record_segments
from retention.core import clock
from retention.core.accounts.models import User
from retention.core.errors import Invalid
from retention.core.managed import services
from tests.campaigns.rows import make_scenario
from tests.campaigns.segments.rows import NIGHT, install, make_line
from tests.factories import NOW, PASSWORD, make_branch, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def mobile() -> Segmentation:
    return install()["mobile"]


@pytest.fixture
def ada(client) -> User:
    user = make_user(role="administrator", username="ada")
    client.login(username=user.username, password=PASSWORD)
    return user


def sent(client, row: Segmentation, **given: Any) -> dict[str, Any]:
    """What the edit form of the row sends when nothing was typed, with changes."""
    form = client.get(f"/segments/{row.code}/edit/").context["form"]
    values = {name: form[name].value() for name in form.fields if not form.fields[name].disabled}
    return {name: value for name, value in values.items() if value is not None and value is not False} | given


def save(client, row: Segmentation, **given: Any):
    return client.post(f"/segments/{row.code}/edit/", sent(client, row, **given))


def bands(row: Segmentation, dimension: int = 0) -> list[tuple[Any, ...]]:
    row = Segmentation.objects.get(pk=row.pk)
    return [(one["code"], one["from"], one["to"]) for one in row.dimensions[dimension]["bands"]]


def test_saving_the_form_unchanged_makes_no_new_version(client, ada, mobile):
    assert save(client, mobile).status_code == 302
    assert Segmentation.objects.get(pk=mobile.pk).version == 1


def test_a_border_is_moved_and_a_band_added_and_the_lines_follow(client, ada, mobile):
    line = make_line(arpu="100")
    record_segments(as_of=NIGHT)

    answer = save(
        client, mobile,
        **{"d0-b2-to": "95", "d0-b3-to": "200", "d0-b3-from": "95",
           "d0-b4-name": "VIP", "d0-b4-name_zh": "贵宾", "d0-b4-from": "200"},
    )  # fmt: skip
    report = record_segments(as_of=NIGHT)

    assert answer.status_code == 302
    assert bands(mobile) == [
        ("low", None, 50), ("mid", 50, 80), ("high", 80, 95), ("top", 95, 200), ("band1", 200, None),
    ]  # fmt: skip
    assert report.rows == 1
    line.refresh_from_db()
    assert line.segment == "mobile.top.middle.unbound"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"d0-b2-from": "85"}, "between 80 and 85 there is no band: “High value” must begin at 80"),
        ({"d0-b2-from": "75"}, "“Middle value” and “High value” overlap: each band begins where the one below it ends"),
        ({"d0-b0-from": "5"}, "the lowest band “Low value” must be open below"),
        ({"d0-b3-to": "500"}, "the highest band “Top value” must be open above"),
        ({"d0-b1-to": "40"}, "the band “Middle value” ends before it begins"),
        ({"d0-b4-name": "Extra", "d0-b4-from": "110", "d0-b4-to": "115"}, "overlap"),
        ({"d3-b0-values": "5G, 4G"}, "“4G” is in “5G” and in “4G”"),
        ({"d3-b0-values": ""}, "the band “5G” has no value"),
    ],
)
def test_bands_with_a_gap_or_an_overlap_are_refused_with_the_reason(client, ada, mobile, given, problem):
    answer = save(client, mobile, **given)

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert Segmentation.objects.get(pk=mobile.pk).version == 1


def test_a_band_whose_name_is_cleared_goes_and_its_actions_with_it(client, ada, mobile):
    make_scenario(code="S8")
    actions = {".top.high.bound": "S8", ".high.high.bound": "S8"}
    Segmentation.objects.filter(pk=mobile.pk).update(actions=actions)
    answer = save(client, mobile, **{"d0-b3-name": "", "d0-b2-to": ""})

    assert answer.status_code == 302
    assert bands(mobile) == [("low", None, 50), ("mid", 50, 80), ("high", 80, None)]
    assert Segmentation.objects.get(pk=mobile.pk).actions == {".high.high.bound": "S8"}


def test_the_numbers_of_a_rule_are_percentages_and_days_as_people_write_them(client, ada, mobile):
    form = client.get("/segments/mobile/edit/").context["form"]
    assert form["d1-b0-n-spend_fall"].value() == -30
    assert form["d2-b0-n-days_ahead"].value() == 60

    answer = save(client, mobile, **{"d1-b0-n-spend_fall": "-20", "d2-b0-n-days_ahead": "90", "x3-n-days": "31"})

    row = Segmentation.objects.get(pk=mobile.pk)
    assert answer.status_code == 302
    assert row.dimensions[1]["bands"][0]["rule"]["rules"][0]["value"] == -0.2
    assert row.dimensions[2]["bands"][0]["rule"]["rules"][0]["value"] == 90
    assert row.exclusions[3]["rule"]["rules"][0]["value"] == 31
    history = client.get("/segments/mobile/").context["history"]
    (changed,) = [change for change in history if change.what == "Changed"]
    assert {label for label, _before, _after in changed.fields} == {"Dimensions", "Left out before"}
    assert "ill down 20% or more" in dict((label, after) for label, _b, after in changed.fields)["Dimensions"]


def test_an_exclusion_that_is_switched_off_leaves_nobody_out(client, ada, mobile):
    line = make_line(do_not_disturb=True)
    values = sent(client, mobile)
    del values["x5-applies"]

    assert client.post("/segments/mobile/edit/", values).status_code == 302
    record_segments(as_of=NIGHT)

    line.refresh_from_db()
    assert line.segment == "mobile.high.middle.unbound"


def test_a_stale_form_is_answered_with_both_versions_in_words(client, ada, mobile):
    values = sent(client, mobile, **{"d0-b1-to": "90", "d0-b2-from": "90"})
    changed = deepcopy(mobile.dimensions)
    changed[0]["bands"][2]["to"] = changed[0]["bands"][3]["from"] = 150
    services.update(
        model=Segmentation, actor=make_user(role="administrator", username="bea"), code="mobile", version=1,
        values={"dimensions": changed},
    )  # fmt: skip

    answer = client.post("/segments/mobile/edit/", values)

    assert answer.status_code == 409
    (difference,) = answer.context["differences"]
    assert "¥50 to below ¥90" in difference["sent"]
    assert "¥80 to below ¥150" in difference["stored"]
    assert difference["changed_by"] == "bea"


def test_a_copy_keeps_bands_and_actions_and_is_off(client, ada, mobile):
    make_scenario(code="S8")
    values = {"name": "With action", "actions": {".high.high.bound": "S8", ".gone": "S8"}}
    services.update(model=Segmentation, actor=ada, code="mobile", version=1, values=values)

    answer = client.post("/segments/mobile/copy/", {"code": "own", "name": "Own"})

    copied = Segmentation.objects.get(code="own")
    assert answer.status_code == 302
    assert (copied.enabled, copied.line_type, copied.dimensions) == (False, "mobile", mobile.dimensions)
    assert copied.actions == {".high.high.bound": "S8"}
    assert copied.action_of("own.high.high.bound") == "S8"
    assert (
        client.post("/segments/own/switch/", {"to": "on"}, follow=True).content.decode().count("places the same") == 1
    )
    assert not Segmentation.objects.get(code="own").enabled


def test_a_new_matrix_begins_with_the_dimensions_of_stability(client, ada, mobile):
    answer = client.post("/segments/new/", {"code": "fixed", "name": "Fixed", "line_type": "fixed"})
    line = make_line(line_type="fixed")
    client.post("/segments/fixed/switch/", {"to": "on"})
    report = record_segments(as_of=NIGHT)

    assert answer.status_code == 302
    line.refresh_from_db()
    assert (line.segment, line.segment_need) == ("fixed.high.middle.unbound", None)
    assert report.unplaced == 0
    assert client.get("/segments/fixed/").status_code == 200


def test_a_branch_manager_copies_for_the_own_branch_and_changes_nothing_above(client, mobile):
    province = make_branch()
    city = make_branch(parent=province)
    user = make_user(role="manager", branch=city)
    client.login(username=user.username, password=PASSWORD)

    assert client.get("/segments/mobile/edit/").status_code == 403
    sent = {"code": "city", "name": "City", "branch": city.pk}
    assert client.post("/segments/mobile/copy/", sent).status_code == 302
    assert client.post("/segments/city/switch/", {"to": "on"}).status_code == 302
    assert Segmentation.objects.get(code="city").enabled


@pytest.mark.parametrize("role", ["supervisor", "analyst", "agent"])
def test_only_managers_and_administrators_change_a_matrix(client, mobile, role):
    user = make_user(role=role, branch=make_branch())
    client.login(username=user.username, password=PASSWORD)

    assert client.get("/segments/mobile/edit/").status_code == 403
    assert client.post("/segments/mobile/switch/", {"to": "off"}).status_code == 403
    assert "/segments/mobile/edit/" not in client.get("/segments/mobile/").content.decode()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"field": "segment"}, "Value: unknown field “segment”"),
        ({"field": "brand"}, "Value: “Brand” cannot be cut into such bands"),
        ({"layer": "other"}, "Value: the layer is “stability” or “need”"),
        ({"kind": "other"}, "Value: the kind is “number”, “choice” or “rule”"),
        ({"bands": []}, "Value: between 1 and 8 bands are needed"),
        ({"code": "too-long-code"}, "Value: the code “too-long-code” is not of 1 to 8 small letters and digits"),
    ],
)
def test_a_matrix_that_makes_no_sense_is_refused(mobile, change, problem):
    dimensions = [mobile.dimensions[0] | change, *mobile.dimensions[1:]]

    with pytest.raises(Invalid) as refused:
        read_matrix(code="m", dimensions=dimensions, exclusions=[], fields=rule_catalogue())

    assert str(refused.value.message) == problem


def test_a_matrix_is_not_built_from_segments(mobile):
    circle = {"combinator": "and", "rules": [{"field": "segment", "operator": "=", "value": "mobile.low.low.bound"}]}
    exclusions = [mobile.exclusions[0] | {"rule": circle}]

    with pytest.raises(Invalid, match="a matrix cannot be built from segments"):
        read_matrix(code="m", dimensions=mobile.dimensions, exclusions=exclusions, fields=rule_catalogue())


def test_a_scenario_may_ask_for_a_segment(mobile):
    lines = [make_line(), make_line(bill_change=-0.5)]
    record_segments(as_of=NIGHT)
    rule = {
        "combinator": "and",
        "rules": [{"field": "segment", "operator": "beginsWith", "value": "mobile.high.high."}],
    }

    assert list(audience(rule).values_list("pk", flat=True)) == [lines[1].pk]
    assert format_rule(rule) == "Segment by stability begins with mobile.high.high."
