"""A mapping turns another system's file into a resource; docs/recipes/add-a-resource.md says what it can say."""

from customers.ingest.mapping.document import Mapping, read_mapping

__all__ = ["Mapping", "read_mapping"]
