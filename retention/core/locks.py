"""The first numbers of advisory locks, all in one place: two kinds of work must never share one."""

from enum import IntEnum


class Space(IntEnum):
    """The second number says which job, table, batch and so on."""

    JOB = 7301
    PARTITIONS = 7302
    WAITING_ROWS = 7303
    WEBHOOK = 7304
    IDEMPOTENCY_KEY = 7305
    BATCH = 7306
    CONTACT = 7307
    TRAINING = 7311
    BENCHMARKS = 7399
