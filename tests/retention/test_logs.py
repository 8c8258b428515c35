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


def test_longer_numbers_are_left_whole(logged: io.StringIO):
    structlog.get_logger("retention.tests").info("batch", ticket="202611200000000017")
    assert lines(logged)[0]["ticket"] == "202611200000000017"
