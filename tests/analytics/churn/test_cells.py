"""Cells as people write them, read as what they mean; whatever is changed or doubted is noted."""

import numpy as np
import pandas as pd
import pytest

from analytics.churn.queries.cells.labels import read_label
from analytics.churn.queries.cells.typing import type_columns
from retention.core.errors import Invalid


def typed(**columns: list[str | None]) -> tuple[pd.DataFrame, str]:
    frame, notes = type_columns(pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()}))
    return frame, "\n".join(notes)


def test_a_decimal_comma_is_no_thousands_separator():
    frame, notes = typed(fee=["43,69", "43,36", "1.234,56", "1.000"], calls=["1,234", "2,500", "12", "7"])
    assert frame["fee"].tolist() == [43.69, 43.36, 1234.56, 1000.0]
    assert frame["calls"].tolist() == [1.234, 2.5, 12.0, 7.0]  # as its neighbour is written
    assert "Read with a decimal comma: fee, calls." in notes
    assert "Doubtful: '1,234' in calls can be read in two ways; it was read with a decimal comma." in notes


def test_commas_between_thousands_stay_what_they_are():
    frame, notes = typed(fee=["1,234.50", "43.69", "12"], calls=["1,234", "2,500", "12"])
    assert frame["fee"].tolist() == [1234.5, 43.69, 12.0]
    assert frame["calls"].tolist() == [1234.0, 2500.0, 12.0]
    assert "Commas between thousands were taken off: fee, calls." in notes


def test_a_column_written_both_ways_is_read_cell_by_cell_and_doubted():
    frame, notes = typed(fee=["43,69", "43.69", "1,234.5", "1.234,5", "7,1"])
    assert frame["fee"].tolist() == [43.69, 43.69, 1234.5, 1234.5, 7.1]
    assert "Doubtful: fee holds decimal commas and decimal points" in notes


def test_points_of_a_table_with_points_are_fractions():
    frame, notes = typed(share=["1.234", "2.345", "9.999"], fee=["1.5", "2", "3"])
    assert frame["share"].tolist() == [1.234, 2.345, 9.999]
    assert notes == ""


def test_signs_widths_and_blanks_around_figures():
    frame, notes = typed(
        fee=["¥43.69", "44元", "￥1 234.5"], part=["12%", "5 %", "7"], due=["(5.5)", "5-", "\u22123.25"],
        wide=["１２", "３.5", "1'000"],
    )  # fmt: skip
    assert frame["fee"].tolist() == [43.69, 44.0, 1234.5]
    assert frame["part"].tolist() == [12.0, 5.0, 7.0]
    assert frame["due"].tolist() == [-5.5, -5.0, -3.25]
    assert frame["wide"].tolist() == [12.0, 3.5, 1000.0]
    assert "Signs were taken off in fee: ¥ 元." in notes
    assert "Doubtful: some cells of part have a % and some have none" in notes


@pytest.mark.parametrize(
    ("cells", "read", "note"),
    [
        (["24 months", "2 years", "1 year", None], [24, 24, 12, np.nan], "in months (written as months, years, year)"),
        (["1.5 GB", "500 MB", "2GB", "1,024 MB"], [1536, 500, 2048, 1024], "in mb (written as gb, mb)"),
        (["1h 20m", "45m", "2h", "90m"], [80, 45, 120, 90], "in m (written as h, m)"),
        (["2年3个月", "5个月", "1年", "7个月"], [27, 5, 12, 7], "in 个月 (written as 年, 个月)"),
        (["1,5 h", "20 min", "2 h", "3 h"], [90, 20, 120, 180], "in min (written as h, min)"),
        (["12 months", "24", "36 months", "6 months"], [12, 24, 36, 6], "1 cells of x have no unit"),
        (["1.2k", "500", "3m", "7k"], [1200, 500, 3_000_000, 7000], "in ones (written as k, m)"),
        (["12万", "3万", "5千", "800"], [120_000, 30_000, 5_000, 800], "in ones"),
    ],
)
def test_units_are_read_in_one(cells, read, note):
    frame, notes = typed(x=cells)
    np.testing.assert_allclose(frame["x"].to_numpy(dtype=float), read)
    assert note in notes


@pytest.mark.parametrize(
    "cells",
    [
        ["Month-to-month", "One year", "Two year", "One year"],
        ["5 kg", "3 months", "2 kg", "1 year"],
        ["area 1", "area 2", "area 3", "area 4"],
        ["0-6 months", "7-12 months", "over 12", "over 12"],
        ["12A", "13B", "14A", "15C"],
    ],
)
def test_words_that_are_no_figures_stay_words(cells):
    frame, _notes = typed(x=cells)
    assert frame["x"].tolist() == cells


@pytest.mark.parametrize(
    ("cells", "days", "note"),
    [
        (
            ["3 May 2024", "May 4, 2024", "Sun, 5 May 2024"],
            ["2024-05-03", "2024-05-04", "2024-05-05"],
            "Dates in words",
        ),
        (["3rd of June 2021", "1st Sept 2020", "May 2020"], ["2021-06-03", "2020-09-01", "2020-05-01"], "in words"),
        (["2024年5月3日", "2023年12月", "2020年1月1日"], ["2024-05-03", "2023-12-01", "2020-01-01"], "in words"),
        (["13/05/2024", "04/06/2023", "01/02/2021"], ["2024-05-13", "2023-06-04", "2021-02-01"], ""),
        (["05/13/24", "01/02/23", "3/4/22"], ["2024-05-13", "2023-01-02", "2022-03-04"], "years of two digits"),
        (["03/05/2024", "04/06/2023"], ["2024-03-05", "2023-04-06"], "no day above 12 tells the order"),
        (["03.05.2024", "04.06.2023"], ["2024-05-03", "2023-06-04"], "read with the day first"),
        (["2024-05", "2023-12", "2020-01"], ["2024-05-01", "2023-12-01", "2020-01-01"], ""),
        (["20240503", "20231201"], ["2024-05-03", "2023-12-01"], ""),
        (["2024-01-02T10:00:00Z", "2024-01-03 00:00"], ["2024-01-02 10:00", "2024-01-03"], ""),
    ],
)
def test_dates_are_read_as_people_write_them(cells, days, note):
    frame, notes = typed(x=cells)
    assert frame["x"].tolist() == [pd.Timestamp(day) for day in days]
    assert note in notes and (note or notes == "")


def test_figures_like_years_are_no_dates():
    frame, _notes = typed(fee=["2045.1", "1999.5", "2010.12"])
    assert frame["fee"].tolist() == [2045.1, 1999.5, 2010.12]


def test_a_few_cells_that_are_no_figures_are_blank_and_named():
    frame, notes = typed(fee=["43.69"] * 39 + ["n/k"])
    assert frame["fee"].isna().sum() == 1
    assert "1 cells of fee are no number and were read as blank: 'n/k'." in notes


def test_one_word_in_many_cells_of_a_wide_column_is_blank():
    """More cells than each of the 3,000 figures, though few of all."""
    frame, notes = typed(fee=["n/k"] * 150 + [f"¥{number}.5" for number in range(3_000)])
    assert frame["fee"].isna().sum() == 150
    assert frame["fee"].sum() == pytest.approx(3_000 * 2_999 / 2 + 1_500)
    assert "150 cells of fee are no number" in notes


def test_levels_that_differ_by_spelling_are_doubted():
    frame, notes = typed(plan=["Gold", "gold ", "Silver", "gold"])
    assert frame["plan"].tolist()[0] == "Gold"
    assert "levels of plan differ by spelling alone and were kept apart" in notes


def label_of(cells: list[object], positive: str) -> tuple[list[bool], list[bool], str]:
    found = read_label(pd.Series(cells, dtype="str"), positive, "churn")
    return found.is_positive.tolist(), found.known.tolist(), "\n".join(found.notes)


def test_an_outcome_in_many_spellings_is_one():
    cells = ["Yes", "YES ", "yes", "y", "TRUE", "1", "No", "no", "N", "0", None, "unknown"]
    left, known, notes = label_of(cells, "Yes")
    assert left == [True] * 6 + [False] * 6
    assert known == [True] * 10 + [False] * 2
    assert "Read as Yes: 'Yes' (1 rows), 'YES ' (1 rows)" in notes
    assert "Read as not Yes: 'No' (1 rows)" in notes
    assert "Left out, for the outcome is not known: rows of 'unknown' (1 rows)." in notes
    assert "1 rows without an outcome were left out." in notes


def test_full_width_and_numbers_are_spellings_too():
    assert label_of(["１", "1.0", "1", "0"], "1")[0] == [True, True, True, False]
    assert label_of(["是", "否", "是"], "yes")[0] == [True, False, True]


def test_other_words_are_taken_for_staying_with_a_doubt():
    left, _known, notes = label_of(["Churned", "Stayed", "Joined", "churned"], "Churned")
    assert left == [True, False, False, True]
    assert "Doubtful: read as not Churned: 'Stayed' (1 rows), 'Joined' (1 rows)." in notes


def test_a_plain_yes_and_no_need_no_note():
    assert label_of(["Yes", "No", "No"], "Yes")[2] == ""


def test_blanks_in_place_of_no_are_asked_about():
    with pytest.raises(Invalid, match="2 rows are blank; if a blank means that the row stayed"):
        label_of(["Yes", None, None], "Yes")
    with pytest.raises(Invalid, match=r"No row has churn = perhaps; it holds 'No' \(2 rows\), 'Yes' \(1 rows\)"):
        label_of(["Yes", "No", "No"], "perhaps")
