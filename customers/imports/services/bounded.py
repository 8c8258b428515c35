"""Reading files of strangers in a process with limits on memory and time (services/reader_process.py)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from retention.core.errors import Invalid

PROGRAM = Path(__file__).with_name("reader_process.py")
MAX_MEMORY_BYTES = 1536 << 20  # 20,000,000 cells of 32 bytes, their texts, the libraries
MAX_SECONDS = 60
MAX_WRITTEN_BYTES = 1 << 30
# Memory that is not to be had aborts the libraries; the system kills who takes too much of it, or of the processor.
ENDED_BY_LIMITS = (signal.SIGABRT, signal.SIGKILL, signal.SIGXCPU)
# Nothing of the service's environment: it holds secrets. One memory arena, since all address space counts.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "1",
}
TOO_LARGE = gettext_noop(
    "Reading this file takes more memory or time than is allowed. Send it in parts, or save the sheet as CSV."
)
SENTENCES = {
    "locked": gettext_noop("The workbook is protected by a password. Save it without one and send it again."),
    "unreadable": gettext_noop("The file is damaged and cannot be read. Save it again."),
    "truncated": gettext_noop("The file is cut off or damaged. Send it again."),
    "too_large": TOO_LARGE,
    "archive": gettext_noop("The file is a ZIP archive and no Excel workbook. Unpack it and send the file inside."),
}
CODES = {"archive": "unknown_type"}


def read_bounded(command: str, path: Path, **arguments: Any) -> dict[str, Any]:
    """The answer of a command of reader_process. Invalid, with a sentence, for what it cannot read in them."""
    order = {
        "command": command, "path": str(path), "arguments": arguments, "memory": MAX_MEMORY_BYTES,
        "seconds": MAX_SECONDS, "file": MAX_WRITTEN_BYTES,
    }  # fmt: skip
    environment = ENVIRONMENT | {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM), json.dumps(order)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=MAX_SECONDS,
            env=environment, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise unusable("too_large") from None
    except subprocess.CalledProcessError as error:
        raise unusable("too_large" if -error.returncode in ENDED_BY_LIMITS else "unreadable") from None
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise unusable(answer["error"])
    return answer


def unusable(code: str) -> Invalid:
    return Invalid(_(SENTENCES[code]), code=CODES.get(code, code))
