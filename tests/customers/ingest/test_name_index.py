"""Names that are loaded, or changed by a load, are found at once; what is sent again costs no work on names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.facts.models import CustomerName, Subscriber
from customers.ingest.chunks import chunks_of
from customers.ingest.resources import RESOURCES
from customers.ingest.services.loading import load
from tests.customers.ingest.rows import NOW, table
from tests.factories import make_account, make_branch, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch(code="B1")


def load_customers(*names: str):
    rows = [
        {"customer_no": f"C{place}", "kind": "individual", "name": name, "branch_code": "B1"}
        for place, name in enumerate(names)
    ]
    return load(RESOURCES["customers"], chunks_of(table(rows), size=100), source="file", now=NOW)


def found(text: str) -> list[str]:
    return list(Subscriber.objects.search(text).values_list("account__customer__customer_no", flat=True).order_by("pk"))


def test_a_loaded_name_is_found_and_a_changed_one_by_its_new_words(branch):
    assert load_customers("王小明", "李雷", "王小明").applied == 3
    for customer in branch.customers.order_by("customer_no"):
        make_subscriber(account=make_account(customer=customer), branch=branch)
    assert found("wxm") == ["C0", "C2"]
    assert CustomerName.objects.count() == 2
    assert load_customers("韩梅梅").applied == 1
    assert (found("wxm"), found("hanmei"), found("mm")) == (["C2"], ["C0"], ["C0"])


def test_a_load_makes_two_statements_for_its_names_and_none_when_sent_again(branch):
    def about_names(load_again) -> int:
        with CaptureQueriesContext(connection) as asked:
            load_again()
        return sum("customers_customername" in one["sql"] for one in asked)

    names = [f"王{chr(0x4E00 + n)}" for n in range(90)]
    assert about_names(lambda: load_customers(*names)) == 2
    assert about_names(lambda: load_customers(*names)) == 0
