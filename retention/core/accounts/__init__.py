"""Staff, branches, retention groups, roles, sign-in and personal preferences."""
