import pytest

from customers.imports.models import Upload
from tests.customers.imports.conftest import GOOD, csv_of

PAGES = ("detail", "columns", "preview", "sheet", "mapping", "rejected")
DEEDS = ("run", "delete", "mapping-use")


@pytest.mark.parametrize("route", PAGES)
def test_an_unknown_import_is_not_there(importer, branches, route):
    assert importer.get(route, 987654).status_code == 404


@pytest.mark.parametrize("route", DEEDS)
def test_nothing_can_be_done_with_an_unknown_import(importer, branches, route):
    assert importer.post(route, 987654).status_code == 404


def test_others_neither_see_nor_touch_an_import(importer, client, branches, mia):
    upload = importer.upload(csv_of(*GOOD))
    client.force_login(mia)
    assert {importer.get(route, upload.pk).status_code for route in PAGES} == {403}
    assert {importer.post(route, upload.pk).status_code for route in DEEDS} == {403}
    assert not Upload.objects.visible_to(mia).exists()


def test_without_the_token_nothing_is_taken(importer, client, ada, branches):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    assert strict.post("/imports/new/", {"resource": ""}).status_code == 403


def test_the_list_counts_what_became_of_each(importer, branches):
    importer.run(importer.upload(csv_of(*GOOD), name="first.csv"))
    importer.upload(csv_of(*GOOD), name="draft.csv")
    text = importer.get("list").text
    assert "first.csv" in text and "draft.csv" in text and "Not started" in text
    export = b"".join(importer.get("list", query="?export=csv").streaming_content).decode()
    assert "first.csv,Customers,Done,2,2" in export
