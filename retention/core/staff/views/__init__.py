"""Pages for people (`people`), branches and retention groups (`places`), and roles (`roles`)."""
