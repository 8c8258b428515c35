"""A phone number never reaches a log, whatever it hides in."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog

from retention.logs import LOGGING

PHONE = "13812345678"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the root handler writes."""
    logging.config.dictConfig(LOGGING)
    handler = logging.getLogger().handlers[0]
    seen = io.StringIO()
    before = handler.setStream(seen)
    yield seen
    handler.setStream(before)


def lines(logged: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in logged.getvalue().splitlines()]


def test_our_own_lines_mask_numbers_wherever_they_stand(logged: io.StringIO):
    structlog.get_logger("retention.tests").info(f"called {PHONE}", to=PHONE, rows=[{"phone": PHONE}], count=3)
    assert PHONE not in logged.getvalue()
    (line,) = lines(logged)
    assert (line["event"], line["to"], line["rows"]) == (
        "called 138****5678",
        "138****5678",
        [{"phone": "138****5678"}],
    )
    assert (line["level"], line["logger"], line["count"]) == ("info", "retention.tests", 3)


def test_lines_of_libraries_and_tracebacks_are_masked_too(logged: io.StringIO):
    try:
        raise ValueError(f"bad number {PHONE}")
    except ValueError:
        logging.getLogger("celery.worker").exception("task failed for %s", PHONE)
    assert PHONE not in logged.getvalue()
    (line,) = lines(logged)
    assert line["event"] == "task failed for 138****5678"
    assert "bad number 138****5678" in line["exception"]


@pytest.mark.parametrize(
    "written",
    ["+86 138-1234-5678", "0086 138 1234 5678", "8613812345678", "１３８１２３４５６７８", "138.1234.5678",
     "q=%2B86+138+1234+5678", "138\u00a01234\u20145678"],
)  # fmt: skip
def test_a_number_is_known_however_it_is_written(logged: io.StringIO, written: str):
    structlog.get_logger("retention.tests").info("called", to=written)
    assert lines(logged)[0]["to"].removeprefix("q=") == "138****5678"


def test_a_fixed_line_a_number_that_is_no_text_and_an_object_are_masked(logged: io.StringIO):
    error = ValueError(f"bad number {PHONE}")
    structlog.get_logger("retention.tests").info("called", to="010-1234 5678", n=int(PHONE), error=error, by={PHONE: 1})
    (line,) = lines(logged)
    assert (line["to"], line["n"], line["by"]) == ("010****5678", "138****5678", {"138****5678": 1})
    assert line["error"] == "ValueError('bad number 138****5678')"


@pytest.mark.parametrize("text", ["192.168.10.123", "2026-11-29T04:31:24.909293Z", "1.3812345678", "W261120-000012"])
def test_what_only_looks_like_a_number_is_left_whole(logged: io.StringIO, text: str):
    structlog.get_logger("retention.tests").info("batch", value=text)
    assert lines(logged)[0]["value"] == text


def test_longer_numbers_are_left_whole(logged: io.StringIO):
    structlog.get_logger("retention.tests").info("batch", ticket="202611200000000017")
    assert lines(logged)[0]["ticket"] == "202611200000000017"
