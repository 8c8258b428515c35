"""Values of a rule by name: typed, stored by code, said by name, refused with suggestions, searched for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns.audiences.builder.widgets import draw_draft
from campaigns.audiences.rules import clean, format_rule, parse, rule_catalogue
from campaigns.audiences.rules.fields import Type
from campaigns.audiences.rules.known_values import find_values, read_known
from campaigns.audiences.text import format_evidence
from campaigns.offers.models import Offer
from campaigns.scenarios.models import Scenario
from customers.facts.models import CustomField
from customers.fields import FIELDS
from customers.fields.base import Kind
from retention.core.accounts.models import Branch
from retention.core.errors import Invalid
from retention.core.managed.services import create, update
from tests.campaigns.cohorts.rows import make_cohort
from tests.campaigns.offers.rows import make_offer
from tests.campaigns.rows import ask, make_line, make_scenario, rule
from tests.factories import make_branch, make_plan, make_policy, make_user

pytestmark = pytest.mark.django_db
REPORT = {"name": "My rule", "action": Scenario.Action.REPORT_ONLY}


@pytest.fixture
def province():
    root = make_branch(code="PV", name="Province")
    river = make_branch(parent=root, code="C01", name="Riverside")
    make_branch(parent=root, code="C02", name="Lakeview")
    make_branch(parent=river, code="D01", name="Old Town")
    return root


def refusal(*conditions):
    with pytest.raises(Invalid) as refused:
        clean(rule(*conditions))
    return [one["message"] for one in refused.value.details]


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("city", "Riverside", "C01"),
        ("city", "riverside", "C01"),
        ("city", "C01", "C01"),
        ("city", "Riverside (C01)", "C01"),
        ("district", "Old Town", "D01"),
        ("branch_code", "Old Town", "D01"),
        ("branch_code", "Lakeview", "C02"),
        ("plan_code", "5G Enjoy 99", "P-99"),
        ("contract_policy", "Two years", "Y-24"),
        ("line_type", "Mobile", "mobile"),
        ("customer_tier", "gold CARD", "gold"),
        ("channel", "service hall", "hall"),
    ],
)
def test_a_name_is_stored_as_its_code(province, field, typed, code):
    make_plan(code="P-99", name="5G Enjoy 99")
    make_policy(code="Y-24", name="Two years")
    make_line(channel="hall")
    assert clean(rule(ask(field, "=", typed)))["rules"][0]["value"] == code
    assert clean(rule(ask(field, "in", [typed])))["rules"][0]["value"] == [code]
    assert clean(rule(ask(field, "in", f"{typed}, {typed}")))["rules"][0]["value"] == [code, code]


def test_chinese_names_are_read_and_said(province):
    Branch.objects.filter(code="C01").update(name="杭州")
    make_line(channel="hall")
    with translation.override("zh-hans"):
        stored = clean(rule(ask("city", "=", "杭州"), ask("channel", "in", ["营业厅"])))
        assert [one["value"] for one in stored["rules"]] == ["C01", ["hall"]]
        assert "杭州" in format_rule(stored)
        assert "营业厅" in format_rule(stored)
        assert "C01" not in format_rule(stored)


def test_a_value_that_exists_nowhere_is_refused_with_the_closest_names(province):
    assert refusal(ask("city", "=", "Riversid")) == ["“Riversid” exists nowhere in City. Did you mean Riverside?"]
    assert refusal(ask("city", "in", ["Lakeview", "Zzz"])) == ["“Zzz” exists nowhere in City"]
    # A district is no city.
    assert refusal(ask("city", "!=", "Old Town")) == ["“Old Town” exists nowhere in City"]
    assert "Did you mean Mobile?" in refusal(ask("line_type", "=", "mobil"))[0]


def test_a_word_that_no_line_has_is_refused(province):
    make_line(channel="hall", terminal_brand="Huawei")
    assert refusal(ask("terminal_brand", "=", "Huawai")) == [
        "“Huawai” exists nowhere in Terminal brand. Did you mean Huawei?"
    ]
    assert clean(rule(ask("terminal_brand", "=", "huawei")))["rules"][0]["value"] == "Huawei"
    # Parts of a word are looked for inside values, and need not be one.
    assert clean(rule(ask("terminal_brand", "contains", "wei")))["rules"][0]["value"] == "wei"


def test_an_own_text_that_no_line_has_is_refused(province):
    CustomField.objects.create(key="club", name="Club", name_zh="俱乐部", kind="text")
    make_line(attributes={"club": "Blue"})
    assert clean(rule(ask("attributes.club", "=", "Blue")))["rules"][0]["value"] == "Blue"
    assert refusal(ask("attributes.club", "=", "Green")) == ["“Green” exists nowhere in Club"]


def test_a_name_of_several_asks_which(province):
    make_branch(parent=Branch.objects.get(code="C02"), code="D02", name="Old Town")
    assert refusal(ask("district", "=", "Old Town")) == ["“Old Town” names several: Old Town (D01), Old Town (D02)"]
    assert clean(rule(ask("district", "=", "Old Town (D02)")))["rules"][0]["value"] == "D02"
    drawn = draw_draft(rule(ask("district", "=", "D02")), rule_catalogue())
    assert drawn.rules[0].values[0].value == "Old Town (D02)"


def test_before_the_first_import_nothing_is_refused():
    assert clean(rule(ask("plan_code", "=", "5G"), ask("brand", "=", "Star")))["rules"][0]["value"] == "5G"


def test_services_refuse_and_resolve_for_every_kind_of_row(province, ada):
    values = REPORT | {"rule": rule(ask("city", "=", "Riverside"))}
    assert create(model=Scenario, actor=ada, code="MY-1", values=values).rule["rules"][0]["value"] == "C01"
    with pytest.raises(Invalid, match="Did you mean Lakeview"):
        create(model=Scenario, actor=ada, code="MY-2", values=REPORT | {"rule": rule(ask("city", "=", "Lakevew"))})
    offer = make_offer()
    changed = {"rule": rule(ask("city", "=", "Lakeview"))}
    assert update(model=Offer, actor=ada, code=offer.code, version=offer.version, values=changed).rule["rules"][0][
        "value"
    ] == ("C02")
    with pytest.raises(Invalid, match="exists nowhere"):
        update(model=Offer, actor=ada, code=offer.code, version=2, values={"rule": rule(ask("city", "=", "Zzz"))})


def test_a_stored_rule_keeps_a_code_that_has_gone_and_still_runs(province):
    tree = parse(rule(ask("city", "=", "C99")))
    assert format_rule(tree) == "City C99"


def test_the_sentence_the_builder_and_the_evidence_say_the_name(province):
    raw = rule(ask("city", "=", "C01"), ask("city", "in", ["C01", "C02"]))
    with CaptureQueriesContext(connection) as asked:
        fields = rule_catalogue()
        tree = parse(raw, fields=fields)
        assert format_rule(tree) == "City Riverside, city Riverside/Lakeview"
        for _ in range(20):
            format_rule(tree)
    assert len(asked) == 2  # own fields, names of the cities: not one query a value
    one, many = draw_draft(raw, fields).rules
    assert (one.values[0].value, many.values[0].value) == ("Riverside", "Riverside, Lakeview")
    assert format_evidence({"city": "C02"}, fields) == [("City", "Lakeview")]


def test_the_page_stores_the_code_and_the_history_says_the_name(province, ada, client):
    scenario = make_scenario(branch=None, rule=rule(ask("city", "=", "C02")))
    update(
        model=Scenario, actor=ada, code=scenario.code, version=1, values={"rule": rule(ask("city", "=", "Riverside"))}
    )
    client.force_login(ada)
    page = client.get(f"/scenarios/{scenario.code}/").content.decode()
    assert "City Riverside" in page
    assert "City Lakeview" in page  # as it was before
    assert "City C02" not in page


def test_the_preview_names_what_is_close(province, ada, client):
    client.force_login(ada)
    sent = {"part": ["r", "r-0"], "r.mode": "and", "r-0.field": "city", "r-0.operator": "=", "r-0.value": "Riversde"}
    answer = client.post("/scenarios/rule/preview/", sent).content.decode()
    assert "Did you mean Riverside?" in answer
    answer = client.post("/scenarios/rule/preview/", sent | {"r-0.value": "riverside"}).content.decode()
    assert "City Riverside" in answer


def test_values_are_searched_by_part_of_name_or_code(province, ada, client):
    make_plan(code="P-99", name="5G Enjoy 99")
    client.force_login(ada)
    ask_for = "/scenarios/rule/values/"
    assert client.get(ask_for, {"field": "city", "q": "RIVER"}).json() == {
        "options": [{"value": "Riverside", "label": "Riverside", "note": "C01"}]
    }
    assert [one["value"] for one in client.get(ask_for, {"field": "city", "q": "c0"}).json()["options"]] == [
        "Lakeview",
        "Riverside",
    ]
    assert client.get(ask_for, {"field": "plan_code", "q": "enjoy"}).json()["options"][0]["note"] == "P-99"
    assert client.get(ask_for, {"field": "arpu", "q": "1"}).json() == {"options": []}
    assert client.get(ask_for, {"field": "nope"}).json() == {"options": []}


def test_thousands_of_values_are_searched_with_few_queries(province, ada):
    Branch.objects.bulk_create(
        Branch(code=f"O{n}", name=f"Outlet {n}", level="outlet", path=f"PV/C01/D01/O{n}/") for n in range(3000)
    )
    field = rule_catalogue()["branch_code"]
    with CaptureQueriesContext(connection) as asked:
        found = find_values(field, "outlet 299", ada)
    assert {one.text for one in found} == {"Outlet 299", *(f"Outlet 299{n}" for n in range(10))}
    assert len(asked) == 2


def test_branches_outside_ones_own_tree_are_not_found(province, client):
    manager = make_user(role="manager", branch=Branch.objects.get(code="C01"))
    client.force_login(manager)
    names = [one["value"] for one in client.get("/scenarios/rule/values/", {"field": "branch_code"}).json()["options"]]
    assert names == ["Old Town", "Riverside"]
    assert client.get("/scenarios/rule/values/", {"field": "city", "q": "Lake"}).json() == {"options": []}


def test_own_texts_of_others_customers_are_not_found(province, client):
    CustomField.objects.create(key="club", name="Club", name_zh="俱乐部", kind="text")
    make_line(branch=Branch.objects.get(code="C01"), attributes={"club": "Blue"})
    make_line(branch=Branch.objects.get(code="C02"), attributes={"club": "Secret"})
    client.force_login(make_user(role="manager", branch=Branch.objects.get(code="C01")))
    found = client.get("/scenarios/rule/values/", {"field": "attributes.club"}).json()["options"]
    assert [one["value"] for one in found] == ["Blue"]


def test_common_values_come_from_the_statistics_of_the_table(ada):
    for _ in range(20):
        make_line(brand="Star")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_subscriberprofile")
    assert [one.code for one in find_values(rule_catalogue()["brand"], "st", ada)] == ["Star"]


def test_every_field_of_codes_has_a_closed_list_names_or_is_looked_for_in_the_base(province):
    """A new field of codes is refused here until its values are checked in one of the three ways."""
    make_line(status_reason="arrears", brand="Star", channel="hall", service_level="gold", gender="male",
              terminal_brand="Huawei", segment="mobile.high", segment_need="mobile.4g",
              cohort_owner="lena")  # fmt: skip
    make_plan()
    make_policy()
    make_cohort()
    fields = rule_catalogue()
    codes = [fields[one.key] for one in FIELDS.values() if one.kind == Kind.CHOICE and one.rule]
    assert {one.type for one in codes} == {Type.CHOICE}
    assert {one.key for one in codes if one.rows} == {
        "plan_code", "best_plan", "city", "district", "branch_code", "contract_policy", "cohort_code",
    }  # fmt: skip
    for field in codes:
        with pytest.raises(ValueError, match="exists nowhere"):
            read_known(field, "No such value")
