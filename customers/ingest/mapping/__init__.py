"""A mapping turns another system's file into a resource: docs/recipes/map-a-file.md says what can be written in one."""

from customers.ingest.mapping.document import Mapping, read_mapping

__all__ = ["Mapping", "read_mapping"]
