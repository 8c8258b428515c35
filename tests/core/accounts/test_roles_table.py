from retention.core.accounts.roles import ALL_PERMISSIONS, GIVEN_BY, PERMISSION_NAMES, Role


def test_every_permission_has_a_name_for_people():
    assert set(PERMISSION_NAMES) == ALL_PERMISSIONS


def test_only_administrators_give_roles():
    assert {role: set(given) for role, given in GIVEN_BY.items()} == {Role.ADMINISTRATOR: set(Role)}
