"""The one way in for facts. Everything outside this package uses the names below."""

from customers.ingest.engine import load, load_checked
from customers.ingest.files import import_job, load_file
from customers.ingest.mapping import Mapping, read_mapping
from customers.ingest.resources import RESOURCES, resource_named
from customers.ingest.result import LoadResult
from customers.ingest.tables import load_table
from customers.ingest.waiting import land_after, land_waiting

__all__ = [
    "RESOURCES",
    "LoadResult",
    "Mapping",
    "import_job",
    "land_after",
    "land_waiting",
    "load",
    "load_checked",
    "load_file",
    "load_table",
    "read_mapping",
    "resource_named",
]
