"""Views of the list of orders: kept, shared with a group, opened by default, and honest about filters that are gone."""

import pytest
from django.urls import reverse

from retention.core import clock
from retention.core.errors import Invalid, NotFound
from tests.factories import NOW, make_user
from tests.workorders.rows import make_floor
from workorders.saved_views import services
from workorders.saved_views.models import DefaultView, SavedView
from workorders.saved_views.queries import views_for

pytestmark = pytest.mark.django_db
LIST, SAVE = reverse("workorders:supervise"), reverse("saved_views:save")


@pytest.fixture
def floor():
    return make_floor(1)


@pytest.fixture
def boss(client, floor):
    boss = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    client.force_login(boss)
    return boss


def kept(user, name="Overdue", query="due=overdue&sort=-due_at", **given) -> SavedView:
    return services.save_view(user=user, page="orders", name=name, query=query, **given)


def test_a_view_keeps_the_filters_of_the_address_and_nothing_else(client, boss):
    sent = {"page": "orders", "name": " Late ", "query": "due=overdue&state=&page=3&nonsense=1&sort=priority&live=off"}
    with clock.freeze(NOW):
        page = client.post(SAVE, sent, follow=True)
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Late", "due=overdue&sort=priority")
    assert page.request["QUERY_STRING"] == f"due=overdue&sort=priority&view={view.pk}"
    assert "The view Late is saved." in page.text


def test_the_same_name_replaces_and_a_group_shares(floor, boss):
    kept(boss)
    view = kept(boss, query="due=today", team=floor[0])
    assert (SavedView.objects.count(), view.query) == (1, "due=today")
    mate = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    stranger = make_user(role="supervisor")
    assert views_for(mate, page="orders") == [view]
    assert views_for(stranger, page="orders") == []
    with pytest.raises(NotFound):
        services.delete_view(user=mate, pk=view.pk)
    with pytest.raises(Invalid):
        kept(stranger, team=floor[0])


def test_the_list_opens_with_the_default_until_it_is_deleted(client, boss):
    view = kept(boss)
    services.choose_default(user=boss, page="orders", pk=view.pk)
    with clock.freeze(NOW):
        assert client.get(LIST).url == reverse("saved_views:open", args=[view.pk])
        assert client.get(LIST, {"state": "any"}).status_code == 200
        client.post(reverse("saved_views:change", args=[view.pk]), {"do": "delete"})
        assert client.get(LIST).status_code == 200
    assert not DefaultView.objects.exists()


def test_filters_that_are_gone_are_left_out_and_named(client, floor, boss):
    view = kept(boss, query="agent=nobody&due=today")
    SavedView.objects.update(query="agent=gone-person&due=today&old_filter=1")
    with clock.freeze(NOW):
        page = client.get(reverse("saved_views:open", args=[view.pk]), follow=True)
    assert page.request["QUERY_STRING"] == f"due=today&view={view.pk}"
    assert "does not know any more: old_filter, Agent." in page.text


def test_a_default_that_is_no_longer_shared_opens_nothing(client, floor, boss):
    mate = make_user(role="supervisor", branch=floor[0].branch, teams=(floor[0],))
    view = kept(mate, team=floor[0])
    services.choose_default(user=boss, page="orders", pk=view.pk)
    SavedView.objects.update(team=None)
    with clock.freeze(NOW):
        assert client.get(LIST).status_code == 200
        assert client.get(reverse("saved_views:open", args=[view.pk])).status_code == 404
        assert client.post(reverse("saved_views:change", args=[view.pk]), {"do": "default"}).status_code == 404


@pytest.mark.parametrize(("name", "query"), [("  ", ""), ("Long", "source=" + "x" * 3000)])
def test_views_without_a_name_or_too_long_are_refused(boss, name, query):
    with pytest.raises(Invalid):
        kept(boss, name=name, query=query)
