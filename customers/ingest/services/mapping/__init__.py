"""A mapping turns another system's file into a resource; docs/recipes/add-a-resource.md has its language."""
