"""E-mail through the mail server of the settings (EMAIL_HOST): one connection a batch, by Django's own client.

A mail server cannot be asked for a message: one whose connection broke in the middle stays unknown. Our number stands
in the Message-ID, so that a reply or a bounce names it.
"""

import smtplib
import time
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from campaigns.messages.gateways.base import Gateway, Outcome, Outgoing, Result

FIRST_PERMANENT = 500
MAX_DETAIL = 200


class SmtpGateway(Gateway):
    name = "smtp"

    def send(self, batch: Sequence[Outgoing], *, seconds: float) -> Mapping[str, Result]:
        until = time.monotonic() + seconds
        server = get_connection()
        try:
            server.open()
        except (OSError, smtplib.SMTPException) as error:  # nothing was handed over yet
            return {one.reference: Result(Outcome.BUSY, detail=_said(error)) for one in batch}
        results: dict[str, Result] = {}
        try:
            for one in batch:
                if time.monotonic() >= until:
                    break
                results[one.reference] = _send(one, server)
                if results[one.reference].outcome == Outcome.DOUBTFUL:
                    break  # the connection is broken; the rest has not been tried
        finally:
            _close(server)
        return results


def _send(one: Outgoing, server: BaseEmailBackend) -> Result:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    headers = {"Message-ID": f"<{one.reference}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(one.subject, one.text, to=[one.to], headers=headers, connection=server)
    try:
        sent = mail.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        code = _code(error)
        return Result(Outcome.REJECTED if code >= FIRST_PERMANENT else Outcome.BUSY, detail=_said(error))
    except (OSError, smtplib.SMTPException) as error:
        return Result(Outcome.DOUBTFUL, detail=_said(error))
    return Result(Outcome.ACCEPTED if sent else Outcome.REJECTED)


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _text in error.recipients.values()), default=FIRST_PERMANENT)
    return int(getattr(error, "smtp_code", FIRST_PERMANENT))


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        return  # what was said before the end stands


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MAX_DETAIL]
