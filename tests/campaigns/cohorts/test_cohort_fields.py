"""The profile takes up whose member a line is; rules name the cohort in both languages; S1 finds who may be lost."""

import pytest
from django.utils import translation

from campaigns.audiences.rules import audience, format_rule
from campaigns.audiences.rules.fields import rule_catalogue
from campaigns.audiences.rules.known_values import find_values, read_known
from campaigns.cohorts.services.allotment import share_out
from customers.cohorts.models import Cohort
from customers.facts.models import Account
from customers.profile.models import SubscriberProfile
from customers.profile.services import build_profile
from tests.campaigns.cohorts.rows import FROZEN, at, freeze, freeze_lines, make_cohort, make_line
from tests.campaigns.rows import ask, rule
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db


def fields_of(line) -> tuple:
    found = SubscriberProfile.objects.get(pk=line.pk)
    return found.in_cohort, found.cohort_code, found.cohort_owner


def test_a_built_profile_names_cohort_and_owner(mia, branches, ana):
    line, outside = make_line(branch=branches.city), make_line(branch=branches.city, arpu=5)
    taken = make_line(branch=branches.city)
    freeze_lines(mia, line, taken, code="year-26")
    share_out(actor=mia, code="year-26", owners=[ana], keep_groups=False, now=at(FROZEN))
    Account.objects.filter(pk=taken.subscriber.account_id).update(customer=make_customer(branch=branches.city))

    build_profile(as_of=FROZEN, force=True)

    assert fields_of(line) == (True, "year-26", "ana")
    assert fields_of(outside) == (False, None, None)
    assert fields_of(taken) == (False, None, None)
    assert list(audience(rule(ask("cohort_code", "=", "year-26")))) == [line]
    Cohort.objects.update(enabled=False)
    build_profile(as_of=FROZEN, force=True)
    assert fields_of(line) == (False, None, None)


def test_of_two_running_cohorts_the_newest_counts(mia, branches):
    line = make_line(branch=branches.city)
    make_line(branch=branches.city, arpu=5)
    freeze(mia, make_cohort(code="old"))
    freeze(mia, make_cohort(code="new"))
    build_profile(as_of=FROZEN, force=True)
    assert fields_of(line) == (True, "new", None)


def test_rules_name_a_cohort_by_either_name_and_only_those_one_sees(mia, branches):
    make_cohort(code="k1", name="Year base", name_zh="年度拍照", branch=branches.other)
    field = rule_catalogue()["cohort_code"]
    assert read_known(field, "Year base") == read_known(field, "年度拍照") == "k1"
    with translation.override("en"):
        assert format_rule(rule(ask("cohort_code", "=", "k1"))).endswith("Year base")
    with translation.override("zh-hans"):
        assert "年度拍照" in format_rule(rule(ask("cohort_code", "=", "k1")))
    city = make_user(role="manager", branch=branches.city)
    assert [one.code for one in find_values(field, "year", mia)] == ["k1"]
    assert find_values(field, "year", city) == []
