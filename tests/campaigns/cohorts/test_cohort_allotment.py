"""Owners: shared out evenly within branches, given by hand, shared out again when somebody leaves, with the history."""

from collections import Counter

import pytest

from campaigns.cohorts.services.allotment import give_members, possible_owners, share_out
from customers.cohorts.models import CohortHandover, CohortMember
from customers.facts.models import CustomerGroup
from retention.core.audit.models import AuditEntry
from retention.core.errors import Conflict, Invalid, Refused
from retention.core.staff.services import set_active
from tests.campaigns.cohorts.rows import freeze_lines, make_cohort, make_line, member_of
from tests.factories import NOW, make_customer, make_user

pytestmark = pytest.mark.django_db


def allot(actor, cohort, *owners, keep_groups=False):
    return share_out(actor=actor, code=cohort.code, owners=owners, keep_groups=keep_groups, now=NOW)


def owned() -> Counter:
    return Counter(one.owner and one.owner.username for one in CohortMember.objects.select_related("owner"))


@pytest.fixture
def bob(branches):
    return make_user(username="bob", role="agent", branch=branches.city)


def test_members_go_evenly_to_the_owners_of_the_nearest_branch(mia, branches, ana, bob, otto):
    near = make_user(username="near", role="agent", branch=branches.outlet)
    there = [make_line(branch=branches.other) for _ in range(2)]
    here = [make_line(branch=branches.outlet) for _ in range(3)]
    city = [make_line(branch=branches.district, arpu=100 + n) for n in range(4)]
    cohort = freeze_lines(mia, *there, *here, *city)

    found = allot(mia, cohort, ana, bob, otto, near)

    assert (found.members, found.left) == (9, 0)
    assert owned() == {"ana": 2, "bob": 2, "otto": 2, "near": 3}
    # Dealt out back and forth by worth: 103 and 100 against 102 and 101.
    assert sum(one.base_revenue for one in CohortMember.objects.filter(owner=ana)) == 203
    entry = AuditEntry.objects.get(action="cohort.allot")
    assert entry.detail["owners"] == ["ana", "bob", "near", "otto"]
    assert entry.detail["members"] == 9


def test_the_lines_of_a_customer_and_on_demand_of_a_group_stay_together(mia, branches, ana, bob):
    group = CustomerGroup.objects.create(group_no="G1", name="Works", kind="enterprise_vpn")
    customer = make_customer(branch=branches.city)
    same = [make_line(branch=branches.city, customer=customer) for _ in range(3)]
    members = [make_line(branch=branches.city, group=group) for _ in range(3)]
    cohort = freeze_lines(mia, *same, *members)

    allot(mia, cohort, ana, bob, keep_groups=True)

    assert len({member_of(line).owner for line in same}) == 1
    assert len({member_of(line).owner for line in members}) == 1
    assert owned() == {"ana": 3, "bob": 3}


def test_members_out_of_reach_of_every_owner_are_left_and_counted(mia, branches, ana):
    cohort = freeze_lines(mia, make_line(branch=branches.city), make_line(branch=branches.other))
    found = allot(mia, cohort, ana)
    assert (found.members, found.left) == (1, 1)
    assert owned() == {"ana": 1, None: 1}


def test_a_second_manager_finds_them_taken(mia, ada, branches, ana, bob):
    cohort = freeze_lines(mia, make_line(branch=branches.city))
    assert allot(mia, cohort, ana).members == 1
    assert allot(ada, cohort, bob).members == 0
    assert owned() == {"ana": 1}


def test_when_an_owner_leaves_the_others_of_the_cohort_take_over(mia, ada, branches, ana, bob):
    lines = [make_line(branch=branches.city, arpu=100 + n) for n in range(4)]
    cohort = freeze_lines(mia, *lines)
    allot(mia, cohort, ana, bob)
    mine = member_of(next(line for line in lines if member_of(line).owner == ana))

    set_active(actor=ada, username="ana", active=False, now=NOW)

    assert owned() == {"bob": 4}
    history = CohortHandover.objects.filter(member=mine).order_by("pk")
    assert [(one.owner, one.reason, one.by) for one in history] == [(ana, "allotted", mia), (bob, "owner_left", None)]


def test_with_nobody_left_in_reach_the_members_of_who_left_have_no_owner(mia, ada, branches, ana, otto):
    cohort = freeze_lines(mia, make_line(branch=branches.city), make_line(branch=branches.other))
    allot(mia, cohort, ana, otto)
    set_active(actor=ada, username="ana", active=False, now=NOW)
    assert owned() == {"otto": 1, None: 1}
    last = CohortHandover.objects.order_by("pk").last()
    assert (last.owner, last.reason) == (None, "owner_left")


def test_who_is_changed_otherwise_keeps_the_members(mia, ada, branches, ana):
    cohort = freeze_lines(mia, make_line(branch=branches.city))
    allot(mia, cohort, ana)
    set_active(actor=ada, username="ana", active=True, now=NOW)
    assert owned() == {"ana": 1}
    assert CohortHandover.objects.count() == 1


def test_ticked_members_are_given_by_hand_and_to_nobody(mia, branches, ana, bob):
    lines = [make_line(branch=branches.city) for _ in range(3)]
    cohort = freeze_lines(mia, *lines)
    chosen = CohortMember.objects.filter(subscriber__in=[lines[0].pk, lines[1].pk])
    give = {"actor": mia, "code": cohort.code, "now": NOW}
    assert give_members(members=chosen, owner=bob, **give) == 2
    assert give_members(members=chosen, owner=bob, **give) == 0
    assert give_members(members=chosen.filter(subscriber=lines[0].pk), owner=None, **give) == 1
    assert owned() == {"bob": 1, None: 2}
    assert list(CohortHandover.objects.order_by("pk").values_list("reason", flat=True)) == ["by_hand"] * 3


def test_owners_are_active_agents_and_supervisors_of_the_own_branch(mia, branches, ana, sam, otto, lin):
    make_user(username="gone", role="agent", branch=branches.city, is_active=False)
    assert [one.username for one in possible_owners(mia)] == ["ana", "sam", "otto"]
    city = make_user(role="manager", branch=branches.city)
    assert [one.username for one in possible_owners(city)] == ["ana", "sam"]
    cohort = freeze_lines(mia, make_line(branch=branches.city))
    for owners in ([], [lin], [mia]):
        with pytest.raises(Invalid) as error:
            allot(mia, cohort, *owners)
        assert error.value.details[0]["field"] == "owners"


def test_only_who_may_change_cohorts_allots_and_only_in_the_own_branch(mia, branches, ana, lin, otto):
    cohort = freeze_lines(mia, make_line(branch=branches.city), make_line(branch=branches.other))
    with pytest.raises(Refused):
        allot(lin, cohort, ana)
    other = make_user(role="manager", branch=branches.other)
    assert allot(other, cohort, otto).members == 1
    assert owned() == {"otto": 1, None: 1}
    with pytest.raises(Conflict) as error:
        allot(mia, make_cohort(), ana)
    assert error.value.code == "not_frozen"
