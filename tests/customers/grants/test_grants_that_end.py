"""A grant for a while: it shows the customer until its moment, in every list and page, and not a second longer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from customers.facts.models import Subscriber
from customers.grants.models import CustomerGrant
from customers.grants.services import grant_until
from customers.profile.models import SubscriberProfile
from retention.core import clock
from retention.core.accounts.models import Team
from tests.factories import NOW, grant, make_profile, make_team, make_user

pytestmark = pytest.mark.django_db
UNTIL = NOW + timedelta(minutes=30)
LAST_MOMENT = UNTIL - timedelta(microseconds=1)


@pytest.fixture
def line():
    return make_profile().subscriber


@pytest.fixture
def agent(line):
    return make_user(role="agent", branch=line.branch)


def give(agent, line, *, teams: tuple[Team, ...] = (), until=UNTIL, now=NOW):
    grant_until(customer_id=line.account.customer_id, user=agent, teams=teams, until=until, now=now)


def sees(person, at) -> tuple[bool, bool]:
    """Whether lines and profiles show a row at that moment."""
    with clock.freeze(at):
        lines, profiles = Subscriber.objects.visible_to(person), SubscriberProfile.objects.visible_to(person)
        return lines.exists(), profiles.exists()


def test_it_ends_exactly_at_its_moment(line, agent):
    assert sees(agent, NOW) == (False, False)
    give(agent, line)
    assert sees(agent, NOW) == sees(agent, LAST_MOMENT) == (True, True)
    assert sees(agent, UNTIL) == (False, False)


@pytest.mark.parametrize("page", ["customers:detail", "outreach:line"])
def test_pages_of_the_customer_answer_as_if_there_were_none_afterwards(client, line, agent, page):
    give(agent, line)
    client.force_login(agent)
    for at, status in ((NOW, 200), (LAST_MOMENT, 200), (UNTIL, 404)):
        with clock.freeze(at):
            assert client.get(reverse(page, args=[line.subscriber_no])).status_code == status


def test_what_changes_something_answers_so_as_well(client, line, agent):
    give(agent, line)
    client.force_login(agent)
    for at, status in ((LAST_MOMENT, 200), (UNTIL, 404)):
        with clock.freeze(at):
            reveal = client.post(reverse("customers:phone", args=[line.subscriber_no]), {"reason": "Asked for it"})
            assert reveal.status_code == status
    with clock.freeze(UNTIL):
        listed = client.post(reverse("customers:put-on-list", args=[line.subscriber_no]))
        assert listed.status_code == 404


def test_the_list_and_its_search_forget_the_customer(client, line, agent):
    give(agent, line)
    client.force_login(agent)
    address = reverse("customers:list")
    for at, found in ((LAST_MOMENT, True), (UNTIL, False)):
        with clock.freeze(at):
            assert (line.subscriber_no in client.get(address).text) is found
            exact = client.get(address, {"q": line.phone_number})
            assert (exact.status_code == 302) is found


def test_the_grant_of_an_order_outlives_it(line, agent):
    give(agent, line)
    grant(customer=line.account.customer, user=agent)
    assert sees(agent, UNTIL) == (True, True)


def test_who_supervises_a_group_of_the_user_sees_as_much_and_as_long(line, agent):
    own, other = make_team(branch=line.branch), make_team(branch=line.branch)
    boss, stranger = (make_user(role="supervisor", branch=line.branch, teams=(team,)) for team in (own, other))
    mate = make_user(role="agent", branch=line.branch, teams=(own,))
    give(agent, line, teams=(own,))
    assert [sees(one, LAST_MOMENT) for one in (boss, stranger, mate)] == [(True, True), (False, False), (False, False)]
    assert sees(boss, UNTIL) == (False, False)


def test_grants_that_have_ended_are_cleared_with_the_next_one(line, agent):
    lasting = grant(customer=line.account.customer, user=agent)
    give(agent, line)
    give(make_user(role="agent", branch=line.branch), line)
    give(agent, line, until=UNTIL + timedelta(hours=1), now=UNTIL)
    mine = CustomerGrant.objects.filter(user=agent)
    assert {one.until for one in mine} == {None, UNTIL + timedelta(hours=1)}
    assert list(mine.of_orders()) == [lasting]
    assert CustomerGrant.objects.count() == 3  # that of somebody else is left to their own next one
