"""Pages of the administration for people, retention groups, branches and roles."""
