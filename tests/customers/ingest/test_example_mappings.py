"""The mapping files in docs/examples make an operator of the two public tables."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from customers.facts.models import Attribute, Bill, Contract, CustomField, Subscriber, UsageMonth
from customers.ingest.models import QuarantinedRow
from customers.ingest.resources import RESOURCES
from customers.ingest.services.files import load_file
from customers.ingest.services.mapping.document import read_mapping
from customers.ingest.services.progress import LoadResult
from customers.ingest.validators.columns import check_columns
from retention.core.accounts.models import Branch
from tests.customers.ingest.rows import NOW

EXAMPLES = settings.BASE_DIR / "docs" / "examples"
DATA = settings.BASE_DIR.parent / "shared" / "data"
IBM = DATA / "ibm_telco" / "Telco-Customer-Churn.csv"
CELL2CELL = DATA / "cell2cell" / "cell2cell_calibration.csv"
GIVEN = date(2026, 9, 30)
# Invented people; the columns are those of the IBM table.
INVENTED = """\
customerID,gender,SeniorCitizen,Partner,Dependents,tenure,PhoneService,MultipleLines,InternetService,OnlineSecurity,\
OnlineBackup,DeviceProtection,TechSupport,StreamingTV,StreamingMovies,Contract,PaperlessBilling,PaymentMethod,\
MonthlyCharges,TotalCharges,Churn
X1,Female,0,Yes,No,29,Yes,No,Fiber optic,No,No,No,No,No,No,Two year,Yes,Mailed check,70.5,2044.5,No
X2,Male,1,No,No,14,Yes,No,DSL,Yes,No,No,No,No,No,One year,No,Mailed check,50,700,Yes
X3,Male,0,No,No,0,Yes,No,No,No,No,No,No,No,No,Month-to-month,No,Mailed check,20, ,No
"""


def load_all(folder: str, file: Path) -> dict[str, LoadResult]:
    """Every mapping of the folder, in an order in which nothing has to wait."""
    results = {}
    for resource in RESOURCES:
        path = EXAMPLES / folder / f"{resource}.toml"
        if path.exists():
            results[resource] = load_file(
                resource, file, mapping=read_mapping(path), declare=resource == "attributes", now=NOW
            )
    return results


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.toml")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_is_a_mapping_for_the_resource_it_is_named_after(path: Path) -> None:
    mapping = read_mapping(path)
    assert mapping.resource == path.stem
    check_columns(RESOURCES[mapping.resource], mapping.makes)


@pytest.mark.django_db
def test_invented_people_in_the_ibm_columns(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(INVENTED)
    results = load_all("ibm_telco", file)
    assert {name: (r.waiting, r.rejected) for name, r in results.items()} == dict.fromkeys(results, (0, 0))
    assert results["plans"].applied == 3
    stayed, left, new = Subscriber.objects.order_by("subscriber_no")
    assert (stayed.status, stayed.terminated_on, stayed.activated_on) == ("active", None, date(2024, 4, 30))
    assert (left.status, left.termination_reason, left.terminated_on) == ("terminated", "voluntary", date(2026, 10, 15))
    assert new.activated_on == GIVEN
    assert list(Contract.objects.order_by("pk").values_list("starts_on", "ends_on", "policy__code")) == [
        (date(2026, 4, 30), date(2028, 4, 30), "YEAR-2"),
        (date(2026, 7, 30), date(2027, 7, 30), "YEAR-1"),
    ]
    assert sorted(Bill.objects.filter(subscriber=stayed).values_list("month", flat=True)) == [
        date(2026, 8, 1),
        date(2026, 9, 1),
    ]
    assert not Bill.objects.filter(subscriber=new).exists()
    assert CustomField.objects.get(key="partner").kind == "flag"
    assert CustomField.objects.get(key="total_charges").kind == "number"
    assert not Attribute.objects.filter(subscriber=new, field__key="total_charges").exists()
    assert not CustomField.objects.filter(key__in=["churn", "tenure"]).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("folder", "file", "left", "usage"), [("ibm_telco", IBM, "Churn", 0), ("cell2cell", CELL2CELL, "churn", 1)]
)
def test_the_first_rows_of_the_real_tables_land_whole(
    folder: str, file: Path, left: str, usage: int, tmp_path: Path
) -> None:
    if not file.exists():
        pytest.skip(f"{file.name} is not here")
    with file.open() as table:
        lines = [line for line, _ in zip(table, range(301), strict=False)]
    few = tmp_path / "few.csv"
    few.write_text("".join(lines))
    results = load_all(folder, few)
    assert {name: (r.waiting, r.rejected) for name, r in results.items()} == dict.fromkeys(results, (0, 0))
    assert Subscriber.objects.count() == 300
    where = lines[0].strip().split(",").index(left)
    leavers = sum(line.strip().split(",")[where] in {"Yes", "1"} for line in lines[1:])
    assert Subscriber.objects.filter(terminated_on=date(2026, 10, 15), status="terminated").count() == leavers
    assert Subscriber.objects.filter(activated_on__gt=GIVEN).count() == 0
    assert Branch.objects.count() == 1
    assert UsageMonth.objects.exists() == bool(usage)
    assert not QuarantinedRow.objects.exists()
