"""An invented province: its branches, and the monthly conditions in its cities and districts.

The province, its cities and districts do not exist.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from retention.simulator.parameters import Spec
from retention.simulator.randomness import pick, stream, uniform
from retention.simulator.schema import table

PROVINCE = ("YL", "云澜省")
CITIES = (
    "澜州市", "青屿市", "望川市", "长洛市", "安岭市", "白榆市", "南淅市", "丹浦市", "云岫市", "沁河源市", "临汐市",
)  # fmt: skip
CITY_WEIGHTS = (26, 15, 11, 9, 8, 7, 7, 5, 5, 4, 3)
DISTRICTS_OF_CITY = (8, 7, 7, 6, 6, 6, 5, 5, 5, 5, 4)
_DISTRICT_HEADS = (
    "东湖", "西苑", "北辰溪", "南桥", "城中", "滨江湾", "石泉", "金谷", "柳塘", "凤台岭", "龙渚", "松原里", "梅溪",
    "清源湾", "永宁渡", "高台", "双桥", "玉泉坞", "大河湾", "竹溪里",
)  # fmt: skip
_OUTLET_HEADS = (
    "人民路",
    "解放路",
    "中心广场",
    "火车站",
    "新华街",
    "大学城",
    "开发区",
    "步行街",
    "体育场",
    "政务中心",
)
OUTLETS_PER_DISTRICT = (4, 5, 6)


@dataclass(frozen=True)
class Places:
    """Branch rows and the district and city of every outlet (indexes)."""

    codes: list[str]
    names: list[str]
    parents: list[str | None]
    levels: list[str]
    outlet_rows: np.ndarray  # row of each outlet in the lists above
    outlet_district: np.ndarray
    outlet_city: np.ndarray
    outlet_weights: np.ndarray
    districts: int

    @property
    def outlet_codes(self) -> pa.Array:
        return pa.array([self.codes[row] for row in self.outlet_rows])

    def branches(self) -> pa.Table:
        return table(
            "branches",
            {"code": self.codes, "name": self.names, "parent_code": self.parents, "level": self.levels},
        )


def build_places() -> Places:
    """The branch tree; its codes are the same for every seed and size."""
    codes, names, levels = [PROVINCE[0]], [PROVINCE[1]], ["province"]
    parents: list[str | None] = [None]
    outlets: list[tuple[int, int, int, float]] = []
    district_index = 0
    for city, city_name in enumerate(CITIES):
        city_code = f"{PROVINCE[0]}{city + 1:02d}"
        _append((codes, names, parents, levels), city_code, city_name, PROVINCE[0], "city")
        for district in range(DISTRICTS_OF_CITY[city]):
            code = f"{city_code}{district + 1:02d}"
            head = _DISTRICT_HEADS[(city * 7 + district) % len(_DISTRICT_HEADS)]
            district_name = head + ("区" if district < 3 else "县")
            _append((codes, names, parents, levels), code, district_name, city_code, "district")
            count = OUTLETS_PER_DISTRICT[(city + district) % 3]
            for outlet in range(count):
                place = _OUTLET_HEADS[(district * 3 + outlet) % len(_OUTLET_HEADS)]
                outlets.append((len(codes), district_index, city, CITY_WEIGHTS[city] / (district + 2) / count))
                _append((codes, names, parents, levels), f"{code}{outlet + 1:02d}",
                        f"{head}{place}营业厅", code, "outlet")  # fmt: skip
            district_index += 1
    rows, of_district, of_city, weights = (np.array(column) for column in zip(*outlets, strict=True))
    return Places(
        codes, names, parents, levels, rows, of_district.astype(np.int16), of_city.astype(np.int16),
        weights, district_index,
    )  # fmt: skip


def _append(columns: tuple[list, ...], *values: str) -> None:
    for column, value in zip(columns, values, strict=True):
        column.append(value)


@dataclass(frozen=True)
class Climate:
    """Conditions common to all lines of a place: network trouble by district, rival offers by city (month first)."""

    trouble: np.ndarray
    offers: np.ndarray


def build_climate(spec: Spec, places: Places) -> Climate:
    months = spec.timeline.months
    trouble = _episodes(spec, "trouble", months, places.districts, start=0.035, low=0.8, high=3.2)
    offers = _episodes(spec, "offers", months, len(CITIES), start=0.14, low=0.4, high=1.5)
    return Climate(trouble + np.float32(0.08), offers + np.float32(0.6))


def _episodes(spec: Spec, tag: str, months: int, places: int, *, start: float, low: float, high: float) -> np.ndarray:
    """Episodes of one to three months of random strength, (months, places)."""
    rng = stream(spec.seed, "climate", tag)
    level = np.zeros((months + 3, places), dtype=np.float32)
    for month in range(months):
        begins = uniform(rng, places) < start
        strength = low + (high - low) * uniform(rng, places)
        length = 1 + pick(rng, places, [0.4, 0.35, 0.25])
        for ahead in range(3):
            active = begins & (ahead < length)
            level[month + ahead][active] = np.maximum(level[month + ahead], strength)[active]
    return level[:months]
