"""Pages of questionnaires: the list, one, the editor, the preview."""
