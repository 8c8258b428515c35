import pytest
from django.db import connection
from django.db.models import F, Value

from retention.core.accounts.models import Branch
from retention.core.db.inline import inline, inline_condition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def branches() -> None:
    for code in ("N", "S", "50%"):
        Branch.objects.create(code=code, name=f"branch {code}", level="province", path=f"{code}/")


def fetch(sql: str, params: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_two_querysets_stand_in_one_statement_with_their_parameters() -> None:
    first, first_params = inline(Branch.objects.filter(code__in=["N", "50%"]).values("code"), "first")
    second, second_params = inline(Branch.objects.exclude(name__endswith="N").values("code"), "second")
    found = fetch(
        f"SELECT code, %(mark)s FROM ({first}) a JOIN ({second}) b USING (code)",
        first_params | second_params | {"mark": "x"},
    )
    assert found == [("50%", "x")]
    assert set(first_params) == {"first_0", "first_1"}


def test_percent_signs_of_the_queryset_stay() -> None:
    sql, params = inline(Branch.objects.filter(name__contains="50%").annotate(a=Value("5%")).values_list("a", "code"))
    assert fetch(sql, params) == [("5%", "50%")]


def test_a_queryset_that_can_have_no_rows_is_a_select_without_rows() -> None:
    for nothing in (Branch.objects.none(), Branch.objects.filter(code__in=[])):
        sql, params = inline(nothing.values("code"))
        assert fetch(f"SELECT count(*) FROM ({sql}) x", params) == [(0,)]


@pytest.mark.parametrize(
    ("queryset", "codes"),
    [
        (Branch.objects.all(), ["50%", "N", "S"]),
        (Branch.objects.none(), []),
        (Branch.objects.filter(code="N"), ["N"]),
        (Branch.objects.exclude(code="N").filter(code=F("code")), ["50%", "S"]),
    ],
)
def test_a_condition_is_of_the_alias(queryset: object, codes: list[str]) -> None:
    condition, params = inline_condition(queryset, "x", "rule")  # type: ignore[arg-type]
    found = fetch(f"SELECT code FROM {Branch._meta.db_table} x WHERE {condition} ORDER BY code", params)
    assert [code for (code,) in found] == codes
