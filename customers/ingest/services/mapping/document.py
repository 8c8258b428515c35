"""A mapping file, read and checked."""

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from customers.ingest.services.mapping.conditions import check_condition
from customers.ingest.services.mapping.steps import GIVEN_DAY, STEPS, BadMapping, day_of

ORIGINS = ("from", "value", "template", "day")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
TOP_LEVEL_KEYS = {"resource", "description", GIVEN_DAY, "where", "distinct", "columns", "rows", "unpivot", "sum"}
Where = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Column:
    """How one column of the resource is made: where from (one of ORIGINS), then steps in the order written."""

    origin: str
    what: object
    steps: tuple[tuple[str, object], ...]
    where: Where

    @property
    def sources(self) -> set[str]:
        """The source's columns it reads."""
        read = set(self.where)
        if self.origin == "from":
            read.add(str(self.what))
        if self.origin == "template":
            read |= set(PLACEHOLDER.findall(str(self.what)))
        return read


@dataclass(frozen=True)
class Rows:
    """One row to make of each source row: the common columns overlaid by these, for the rows that meet `where`."""

    columns: dict[str, Column] = field(default_factory=dict)
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Unpivot:
    """Each listed source column becomes a row: its name in `name`, its value in `value`."""

    columns: tuple[str, ...]
    but: tuple[str, ...]
    name: str
    value: str
    rename: dict[str, str]
    keep_blank: bool

    def of(self, source: list[str]) -> list[str]:
        """The columns to unpivot in a source with these columns."""
        return list(self.columns) or [name for name in source if name not in self.but]


@dataclass(frozen=True)
class Mapping:
    """distinct: of rows that come out the same (a catalogue made of a customer table) a chunk keeps one. sum_by: the
    columns by which rows of the whole file are added up, none when they are not."""

    name: str
    fingerprint: str
    resource: str
    given_day: date | None
    where: Where
    distinct: bool
    columns: dict[str, Column]
    rows: tuple[Rows, ...]
    unpivot: Unpivot | None
    sum_by: tuple[str, ...] = ()

    @cached_property
    def makes(self) -> list[str]:
        """The resource's columns it fills."""
        names = [*self.columns, *(name for rows in self.rows for name in rows.columns)]
        if self.unpivot:
            names += [self.unpivot.name, self.unpivot.value]
        return list(dict.fromkeys(names))

    @cached_property
    def reads(self) -> set[str]:
        """The source's columns that the mapping names."""
        parts = [*self.columns.values(), *(column for rows in self.rows for column in rows.columns.values())]
        read = set(self.where).union(*(rows.where for rows in self.rows), *(column.sources for column in parts))
        return read | set(self.unpivot.columns if self.unpivot else ())

    def rows_made(self, source: list[str]) -> int:
        """The most rows it makes of one source row."""
        return len(self.unpivot.of(source)) if self.unpivot else max(1, len(self.rows))


def read_mapping(path: Path, *, given_day: date | None = None) -> Mapping:
    """The mapping in this TOML file; `given_day` replaces the one written there. Raises BadMapping."""
    try:
        data = path.read_bytes()
        document = tomllib.loads(data.decode())
    except OSError as error:
        raise BadMapping(f"The mapping {path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(f"The mapping {path.name} is not TOML: {error}.") from None
    return parse_mapping(document, name=path.name, fingerprint=_fingerprint(data, given_day), given_day=given_day)


def parse_mapping(document: dict, *, name: str, fingerprint: str = "", given_day: date | None = None) -> Mapping:
    """A mapping from its parsed TOML (the import page saves the same shape)."""
    if unknown := document.keys() - TOP_LEVEL_KEYS:
        raise BadMapping(f"{name}: '{sorted(unknown)[0]}' is none of {', '.join(sorted(TOP_LEVEL_KEYS))}.")
    if GIVEN_DAY in document and given_day is None:
        given_day = day_of(document[GIVEN_DAY], None)
    mapping = Mapping(
        name=name,
        fingerprint=fingerprint,
        resource=str(document.get("resource", "")),
        given_day=given_day,
        where=check_condition(document.get("where", {}), name),
        distinct=bool(document.get("distinct", False)),
        columns=_columns(document.get("columns", {}), f"{name} [columns]"),
        rows=tuple(_rows(rows, f"{name} [[rows]]") for rows in document.get("rows", [])),
        unpivot=_unpivot(document["unpivot"], f"{name} [unpivot]") if "unpivot" in document else None,
        sum_by=_sum_by(document["sum"], f"{name} [sum]") if "sum" in document else (),
    )
    if mapping.rows and mapping.unpivot:
        raise BadMapping(f"{name}: either [[rows]] or [unpivot], not both.")
    if not mapping.makes:
        raise BadMapping(f"{name}: there is nothing under [columns].")
    if mapping.sum_by and mapping.distinct:
        raise BadMapping(f"{name}: either `distinct` or [sum], not both: equal rows would not be added up.")
    if unmade := sorted(set(mapping.sum_by) - set(mapping.makes)):
        raise BadMapping(f"{name} [sum]: '{unmade[0]}' is none of the columns that the mapping makes.")
    return mapping


def _sum_by(table: object, place: str) -> tuple[str, ...]:
    by = table.get("by") if isinstance(table, dict) and table.keys() <= {"by"} else None
    if not (isinstance(by, list) and by and all(isinstance(name, str) for name in by)):
        raise BadMapping(f'{place}: write by = ["...", ...], the columns that stay apart.')
    return tuple(by)


def _fingerprint(data: bytes, given_day: date | None) -> str:
    return hashlib.sha256(data + str(given_day).encode()).hexdigest()[:12]


def _columns(table: dict, place: str) -> dict[str, Column]:
    return {name: _column(spec, f"{place} {name}") for name, spec in table.items()}


def _column(spec: object, place: str) -> Column:
    if isinstance(spec, str):
        return Column("from", spec, (), {})
    if not isinstance(spec, dict):
        raise BadMapping(f"{place}: write the source column's name, or a table such as {{ value = ... }}.")
    origins = [key for key in spec if key in ORIGINS]
    if len(origins) != 1:
        raise BadMapping(f"{place}: needs exactly one of {', '.join(ORIGINS)}.")
    steps = tuple((key, setting) for key, setting in spec.items() if key not in {*ORIGINS, "where"})
    for key, setting in steps:
        _check_step(key, setting, place)
    return Column(origins[0], spec[origins[0]], steps, check_condition(spec.get("where", {}), place))


NUMBER_STEPS = {"multiply", "divide", "modulo", "add", "minimum", "maximum", "round", "plus_days"}


def _check_step(key: str, setting: object, place: str) -> None:
    if key not in STEPS:
        raise BadMapping(f"{place}: '{key}' is none of {', '.join([*ORIGINS, 'where', *STEPS])}.")
    if key in NUMBER_STEPS and (isinstance(setting, bool) or not isinstance(setting, int | float)):
        raise BadMapping(f"{place}: '{key}' needs a number.")
    if key in {"divide", "modulo"} and setting == 0:
        raise BadMapping(f"{place}: '{key}' cannot be 0.")
    if key == "map" and not isinstance(setting, dict):
        raise BadMapping(f"{place}: 'map' needs a table of old and new values.")
    if key == "only" and not isinstance(setting, list):
        raise BadMapping(f"{place}: 'only' needs a list of values.")
    if key in {"months_before", "days_before"} and setting != GIVEN_DAY:
        day_of(setting, None)


def _rows(table: dict, place: str) -> Rows:
    columns = {name: spec for name, spec in table.items() if name != "where"}
    return Rows(_columns(columns, place), check_condition(table.get("where", {}), place))


def _unpivot(table: dict, place: str) -> Unpivot:
    known = {"columns", "except", "name", "value", "rename", "keep_blank"}
    if unknown := table.keys() - known:
        raise BadMapping(f"{place}: '{sorted(unknown)[0]}' is none of {', '.join(sorted(known))}.")
    if ("columns" in table) == ("except" in table):
        raise BadMapping(f"{place}: needs either `columns` or `except`.")
    return Unpivot(
        tuple(table.get("columns", ())),
        tuple(table.get("except", ())),
        str(table.get("name", "name")),
        str(table.get("value", "value")),
        {str(old): str(new) for old, new in table.get("rename", {}).items()},
        bool(table.get("keep_blank", False)),
    )
