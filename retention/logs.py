"""Structured logs, one JSON object a line, with anything that looks like a phone number masked."""

from datetime import date
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from retention.core import masking

OWN_KEYS = "_"  # what structlog keeps in an event for itself begins so


def mask_phones(_logger: object, _name: str, event: EventDict) -> EventDict:
    return {key: value if key.startswith(OWN_KEYS) else _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    """The value for the log: text and whole numbers masked, of anything else the text that the log would show."""
    if value is None or isinstance(value, bool | float | date):
        return value
    if isinstance(value, str):
        return masking.mask_phones(value)
    if isinstance(value, int):
        shown = masking.mask_phones(str(value))
        return value if shown == str(value) else shown
    if isinstance(value, dict):
        return {_masked(key): _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    return masking.mask_phones(repr(value))


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    mask_phones,
]
structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": SHARED,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "retention": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
    },
}
