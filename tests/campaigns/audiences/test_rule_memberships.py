"""Conditions that other tables answer: lists, open orders, whom scenarios have found."""

from datetime import timedelta

import pytest
from django.utils import translation

from campaigns.audiences.builder.widgets import draw_draft
from campaigns.audiences.rules import audience, clean, format_rule, parse, rule_catalogue
from campaigns.audiences.rules.feeds import needed_feeds
from campaigns.audiences.rules.known_values import find_values
from campaigns.audiences.text import format_evidence
from campaigns.offers.rules import parse_offer_rule
from campaigns.scenarios.models import Scenario, ScenarioHit
from campaigns.scenarios.services.nightly import run_scenarios
from campaigns.segments.rules import read_matrix
from customers.lists.models import OwnList
from retention.core.errors import Invalid
from retention.core.managed.services import create, switch, update
from tests.campaigns.rows import ask, make_hit, make_line, make_scenario, rule
from tests.factories import NOW, TODAY, make_contact, make_list_entry

pytestmark = pytest.mark.django_db


def found(*conditions):
    return set(audience(rule(*conditions)).values_list("pk", flat=True))


def refusal(act):
    with pytest.raises(Invalid) as refused:
        act()
    return str(refused.value.message)


def test_lines_of_customers_on_a_list_are_found_on_the_days_it_holds():
    black, red, past, free = (make_line() for _ in range(4))
    make_list_entry(customer=black.customer, kind="blacklist")
    make_list_entry(customer=red.customer, kind="red_list")
    make_list_entry(
        customer=past.customer, kind="blacklist", ends_on=TODAY - timedelta(days=1), starts_on=TODAY - timedelta(days=9)
    )
    assert found(ask("on_list", "in", ["blacklist"])) == {black.pk}
    assert found(ask("on_list", "in", ["blacklist", "red_list"])) == {black.pk, red.pk}
    assert found(ask("on_list", "notIn", ["blacklist", "red_list"])) == {past.pk, free.pk}


def test_the_operators_own_lists_are_told_apart_and_said_by_their_title(ada):
    vips, press = (
        OwnList.objects.create(code=code, name=name, name_zh=chinese, enabled=True)
        for code, name, chinese in (("vip", "VIPs", "贵宾"), ("press", "Journalists", "媒体"))
    )
    vip, journalist, black, _free = (make_line() for _ in range(4))
    make_list_entry(customer=vip.customer, kind="own", own_list=vips)
    make_list_entry(customer=journalist.customer, kind="own", own_list=press)
    make_list_entry(customer=black.customer, kind="blacklist")
    assert found(ask("on_list", "in", ["vip"])) == {vip.pk}
    assert found(ask("on_list", "in", ["press", "blacklist"])) == {journalist.pk, black.pk}
    stored = clean(rule(ask("on_list", "in", ["VIPs", "Blacklist"])))
    assert stored["rules"][0]["value"] == ["vip", "blacklist"]
    assert format_rule(stored) == "On the list VIPs/Blacklist"
    with translation.override("zh-hans"):
        assert format_rule(stored) == "在贵宾、黑名单名单中"
    assert [one.text for one in find_values(rule_catalogue()["on_list"], "vip", ada)] == ["VIPs"]
    for nowhere in ("own", "club"):
        said = refusal(lambda code=nowhere: clean(rule(ask("on_list", "in", [code]))))
        assert f"“{nowhere}” exists nowhere in On a list" in said


def test_an_open_order_is_a_reservation_of_the_customer():
    taken, free = make_line(), make_line()
    make_contact(subscriber=taken.subscriber, state="reserved")
    make_contact(subscriber=free.subscriber, state="used")
    assert found(ask("open_order", "=", True)) == {taken.pk}
    assert found(ask("open_order", "=", False)) == {free.pk}


def test_who_was_found_by_a_scenario_is_asked_for_the_last_days():
    first, second = make_scenario(code="A1"), make_scenario(code="A2")
    lately, long_ago, never = make_line(), make_line(), make_line()
    make_hit(scenario=first, line=lately, on=TODAY - timedelta(days=6))
    make_hit(scenario=first, line=long_ago, on=TODAY - timedelta(days=7))
    make_hit(scenario=second, line=never, on=TODAY)
    assert found(ask("found_by", "in", ["A1"], days=7)) == {lately.pk}
    assert found(ask("found_by", "in", ["A1"])) == {lately.pk, long_ago.pk}
    assert found(ask("found_by", "notIn", ["A1"], days=7)) == {long_ago.pk, never.pk}


def test_they_are_picked_and_said_by_name(ada):
    make_scenario(code="A1", name="Spend falls", name_zh="话费突减")
    stored = clean(rule(ask("found_by", "in", ["spend FALLS"], days="30"), ask("on_list", "notIn", ["Red list"])))
    assert stored["rules"] == [
        {"field": "found_by", "operator": "in", "value": ["A1"], "days": 30},
        {"field": "on_list", "operator": "notIn", "value": ["red_list"]},
    ]
    assert format_rule(stored) == "Found by the scenario Spend falls in the last 30 days, on none of the lists Red list"
    with translation.override("zh-hans"):
        assert format_rule(stored) == "近30天内被场景话费突减命中，不在红名单名单中"
    fields = rule_catalogue()
    assert [one.text for one in find_values(fields["found_by"], "spend", ada)] == ["Spend falls"]
    hits, lists = draw_draft(stored, fields).rules
    assert (hits.days, hits.asks_days, hits.values[0].kind, hits.values[0].value) == ("30", True, "list", "Spend falls")
    assert (lists.asks_days, lists.values[0].kind, lists.values[0].value) == (False, "list", "Red list")


def test_a_list_or_scenario_that_does_not_exist_is_refused_in_words():
    make_scenario(code="A1", name="Spend falls")
    assert "exists nowhere in Found by a scenario" in refusal(lambda: clean(rule(ask("found_by", "in", ["Z9"]))))
    assert "a list of values is needed" in refusal(lambda: clean(rule(ask("on_list", "in", []))))
    assert "cannot be asked of this field" in refusal(lambda: clean(rule(ask("on_list", "in", ["blacklist"], days=3))))
    assert "cannot be asked of this field" in refusal(lambda: clean(rule(ask("on_list", "null"))))


def test_a_night_finds_by_them_and_keeps_what_it_found_by():
    scenario = make_scenario(code="A1", rule=rule(ask("on_list", "in", ["blacklist"]), ask("open_order", "=", False)))
    line = make_line()
    make_list_entry(customer=line.customer, kind="blacklist")
    run_scenarios(as_of=TODAY, now=NOW)
    hit = ScenarioHit.objects.get(scenario=scenario)
    assert (hit.subscriber_id, hit.evidence) == (line.pk, {"on_list": ["blacklist"], "open_order": False})
    assert format_evidence(hit.evidence, rule_catalogue()) == [("On a list", "Blacklist"), ("Has an open order", "no")]
    assert needed_feeds(parse(scenario.rule)) == []


def test_a_loop_of_scenarios_is_refused_with_its_way(ada):
    values = {"name": "Mine", "action": Scenario.Action.REPORT_ONLY}
    create(model=Scenario, actor=ada, code="A1", values=values | {"rule": rule(ask("silent", "=", True))})
    create(model=Scenario, actor=ada, code="A2", values=values | {"rule": rule(ask("found_by", "in", ["A1"]))})
    create(model=Scenario, actor=ada, code="A3", values=values | {"rule": rule(rule(ask("found_by", "notIn", ["A2"])))})

    def close(code):
        changed = {"rule": rule(ask("found_by", "in", [code], days=7))}
        return lambda: update(model=Scenario, actor=ada, code="A1", version=1, values=changed)

    assert refusal(close("A3")) == "The rule asks for what it finds itself: A1 → A3 → A2 → A1"
    assert refusal(close("A1")) == "The rule asks for what it finds itself: A1 → A1"


def test_a_matrix_is_not_built_from_what_other_tables_say_of_today():
    exclusion = {"code": "x", "name": "X", "name_zh": "X", "rule": rule(ask("on_list", "in", ["blacklist"]))}
    said = refusal(lambda: read_matrix(code="m", dimensions=[], exclusions=[exclusion], fields=rule_catalogue()))
    assert "a matrix is built from facts of the line, not from “On a list”" in said
    exclusion["rule"] = rule(ask("segment", "=", "m.high"))
    said = refusal(lambda: read_matrix(code="m", dimensions=[], exclusions=[exclusion], fields=rule_catalogue()))
    assert "a matrix cannot be built from segments: m → Segment by stability → m" in said


def test_whom_a_scenario_found_tells_the_risk_and_decides_no_offer():
    make_scenario(code="A1")
    assert "not what is offered" in refusal(lambda: parse_offer_rule(rule(ask("found_by", "in", ["A1"]))))
    assert parse_offer_rule(rule(ask("on_list", "notIn", ["blacklist"])))


def test_a_rule_on_a_field_that_is_gone_stays_readable_and_cannot_be_switched_on(ada, client):
    gone = rule(ask("silent", "=", True), ask("attributes.club", "=", "Blue"))
    make_scenario(code="A1", rule=gone, enabled=False)
    assert "the own field “club” has been withdrawn" in refusal(
        lambda: switch(model=Scenario, actor=ada, code="A1", enabled=True)
    )
    client.force_login(ada)
    page = client.get("/scenarios/A1/").content.decode()
    assert "The rule no longer holds: the own field “club” has been withdrawn." in page
    assert "The rest of the rule: No use at all in 30 days" in page
