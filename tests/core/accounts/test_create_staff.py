import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from retention.core.accounts.models import Team, User
from retention.core.accounts.services.staff import STAFF_FOLLOW_UPS, create_staff
from retention.core.audit.models import AuditEntry
from retention.core.errors import Invalid, NotFound
from tests.factories import NOW


def staff(**given) -> User:
    values = {"username": "eve", "role": "agent", "branch": "P1-C1", "password": "a-long-enough-one", "now": NOW}
    return create_staff(**values | given)


def test_a_new_person_can_sign_in_and_stands_where_told(branches):
    eve = staff(groups=["G7", "G8"])
    assert authenticate(username="eve", password="a-long-enough-one") == eve
    assert (eve.role, eve.branch) == ("agent", branches.city)
    assert [(team.code, team.name, team.name_zh) for team in eve.teams.all()] == [
        ("G7", "Harbour City retention group", "Harbour City维系组"),
        ("G8", "Harbour City retention group G8", "Harbour City维系组 G8"),
    ]
    assert not eve.is_staff


def test_groups_that_exist_are_joined_not_made_again(branches, team):
    assert list(staff(groups=[team.code]).teams.all()) == [team]
    assert Team.objects.count() == 1


def test_saying_it_again_changes_the_person_instead_of_failing(branches):
    first = staff(groups=["G7"])
    again = staff(role="administrator", branch="P1", password="another-long-one")
    assert (again.pk, again.role, again.branch) == (first.pk, "administrator", branches.province)
    assert again.is_staff
    assert again.teams.count() == 0
    assert authenticate(username="eve", password="another-long-one") == first


def test_a_person_who_moves_is_followed_up_and_in_the_trail_with_both_standings(branches, monkeypatch):
    staff()
    followed = []
    monkeypatch.setitem(STAFF_FOLLOW_UPS, "test", lambda user, now: followed.append((user.username, now)))
    staff(role="administrator", branch="P1")
    entry = AuditEntry.objects.filter(action="staff.change").order_by("pk").last()
    assert entry.detail["moved"] == {"role": ["agent", "administrator"], "branch": ["P1-C1", "P1"]}
    assert AuditEntry.objects.get(action="staff.password").detail == {"how": "reset"}
    assert followed == [("eve", NOW)]


def test_it_is_in_the_audit_trail_without_the_password(branches):
    staff()
    entry = AuditEntry.objects.get(action="staff.change")
    assert entry.target == "user:eve"
    assert "a-long-enough-one" not in str(entry.detail)


def test_an_unknown_branch_or_role_makes_nobody(branches):
    with pytest.raises(NotFound, match="'NOWHERE'"):
        staff(branch="NOWHERE")
    with pytest.raises(Invalid, match="'boss'"):
        staff(role="boss")
    assert not User.objects.filter(username="eve").exists()


def test_the_command_takes_groups_separated_by_commas(branches, capsys):
    call_command(
        "create_staff", "eve", role="supervisor", branch="P1-C1", groups="G7, G8", password="a-long-enough-one"
    )
    eve = User.objects.get(username="eve")
    assert eve.role == "supervisor"
    assert eve.teams.count() == 2


def test_the_command_says_what_is_wrong_in_a_sentence(branches):
    with pytest.raises(CommandError, match="no branch with the code 'NOWHERE'"):
        call_command("create_staff", "eve", role="agent", branch="NOWHERE", password="x")


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123"])
def test_a_weak_password_makes_nobody(branches, password):
    with pytest.raises(Invalid):
        staff(password=password)
    assert not User.objects.filter(username="eve").exists()
