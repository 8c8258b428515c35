"""Pages for people (`people`), retention groups (`groups`), branches (`branches`) and roles (`roles`)."""
