"""Branches in filters and forms: a select of the tree without outlets, and a search that finds every visible one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.planner.forms import PlannerForm
from analytics.warnings.filters import EntryFilter
from analytics.warnings.forms import WarningFilter
from customers.directory.filters import CustomerFilter
from retention.core.accounts.forms import BranchSelect
from retention.core.accounts.models import Branch
from retention.core.api.forms import ClientForm
from retention.core.managed.forms import ManagedForm
from tests.factories import make_branch, make_user

pytestmark = pytest.mark.django_db
URL = "/branches/"


@pytest.fixture
def tree():
    root = make_branch(code="PV", name="Province")
    city = make_branch(parent=root, code="C01", name="Riverside")
    district = make_branch(parent=city, code="D01", name="Old Town")
    make_branch(parent=district, code="O01", name="Riverside Hall")
    make_branch(parent=root, code="C02", name="Lakeview")
    return root


def found(client, **query):
    return [(one["value"], one["label"], one["note"]) for one in client.get(URL, query).json()["options"]]


def test_a_branch_is_found_by_part_of_name_or_code_in_any_case(client, tree):
    client.force_login(make_user(role="manager", branch=tree))
    assert found(client, by="code", q="RIVER") == [
        ("C01", "Riverside", "C01"),
        ("O01", "Riverside Hall", "O01"),
    ]
    assert found(client, by="code", q="d0") == [("D01", "Old Town", "D01")]
    assert found(client, by="code", q="river", outlets="0") == [("C01", "Riverside", "C01")]
    assert found(client, q="lake") == [(str(Branch.objects.get(code="C02").pk), "Lakeview", "C02")]


def test_only_branches_of_ones_own_tree_are_found(client, tree):
    client.force_login(make_user(role="manager", branch=Branch.objects.get(code="C01")))
    assert found(client, by="code", q="lake") == []
    assert [value for value, _label, _note in found(client, by="code")] == ["D01", "C01", "O01"]


def test_a_stranger_finds_nothing(client, tree):
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize("form", [CustomerFilter, WarningFilter, PlannerForm, ClientForm, ManagedForm])
def test_every_field_of_a_branch_is_searchable(form):
    assert isinstance(form.base_fields["branch"].widget, BranchSelect)


def test_the_filter_of_monthly_lists_is_searchable():
    assert EntryFilter.base_filters["branch"].extra["widget"] is BranchSelect


def test_thousands_of_outlets_are_not_written_into_the_page_and_the_chosen_one_is(client, tree):
    Branch.objects.bulk_create(
        Branch(code=f"X{n}", name=f"Outlet {n}", level="outlet", path=f"PV/C01/D01/X{n}/") for n in range(2000)
    )
    client.force_login(make_user(role="manager", branch=tree))
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/customers/", {"branch": "X77"}).content.decode()
    assert "Outlet 77" in page
    assert "Outlet 78" not in page
    assert 'data-url="/branches/?by=code&amp;outlets=1"' in page
    assert 'value="X77" selected' in page
    assert len(asked) <= 13  # one says, once a minute, that the person is there
