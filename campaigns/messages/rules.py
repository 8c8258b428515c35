"""The law of texts: the parts of an SMS, the variables of a template, words that opt out. Pure.

Lengths and the alphabet: 3GPP TS 23.038, section 6.2.1; parts of a long message: 3GPP TS 23.040, section 9.2.3.24.1
(a header of six octets in each part).
"""

import re
import unicodedata
from dataclasses import dataclass

# The basic table in the order of its codes; 0x1B leads to the extension, whose signs take two places.
_ESCAPE = "\x1b"
_BASIC = (
    f"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ{_ESCAPE}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7 = {sign: code for code, sign in enumerate(_BASIC) if sign != _ESCAPE}
GSM_7_EXTENSION = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65,
}  # fmt: skip
GSM_7_ALONE, GSM_7_PART = 160, 153
UCS_2_ALONE, UCS_2_PART = 70, 67
MAX_PARTS = 10


@dataclass(frozen=True)
class Length:
    """units: septets of GSM-7 or UTF-16 code units of UCS-2. left: units that still fit into the last part."""

    is_gsm: bool
    units: int
    parts: int
    left: int

    @property
    def encoding(self) -> str:
        return "GSM-7" if self.is_gsm else "UCS-2"


def is_gsm(text: str) -> bool:
    return all(sign in GSM_7 or sign in GSM_7_EXTENSION for sign in text)


def measure(text: str) -> Length:
    """How an SMS of this text is sent."""
    gsm, parts = is_gsm(text), split(text)
    alone, most = (GSM_7_ALONE, GSM_7_PART) if gsm else (UCS_2_ALONE, UCS_2_PART)
    room = most if len(parts) > 1 else alone
    last = sum(_units(sign, gsm) for sign in parts[-1]) if parts else 0
    return Length(gsm, sum(_units(sign, gsm) for sign in text), len(parts), room - last)


def split(text: str) -> list[str]:
    """The parts of an SMS; none for no text. A sign of two units is never divided between two parts."""
    gsm = is_gsm(text)
    sizes = [_units(sign, gsm) for sign in text]
    if sum(sizes) <= (GSM_7_ALONE if gsm else UCS_2_ALONE):
        return [text] if text else []
    most = GSM_7_PART if gsm else UCS_2_PART
    parts, filled = [""], 0
    for sign, size in zip(text, sizes, strict=True):
        if filled + size > most:
            parts.append("")
            filled = 0
        parts[-1] += sign
        filled += size
    return parts


def encode_gsm(text: str) -> bytes:
    """One octet a septet, as SMPP carries them. KeyError for a sign that GSM-7 has not."""
    return b"".join(
        bytes([0x1B, GSM_7_EXTENSION[sign]]) if sign in GSM_7_EXTENSION else bytes([GSM_7[sign]]) for sign in text
    )


def decode_gsm(octets: bytes) -> str:
    """What `encode_gsm` made; an octet that stands for nothing is left out."""
    extension = {code: sign for sign, code in GSM_7_EXTENSION.items()}
    text, escaped = "", False
    for code in octets:
        if code == GSM_ESCAPE_CODE and not escaped:
            escaped = True
            continue
        text += extension.get(code, "") if escaped else _BASIC[code : code + 1]
        escaped = False
    return text


GSM_ESCAPE_CODE = 0x1B


def _units(sign: str, gsm: bool) -> int:
    if gsm:
        return 2 if sign in GSM_7_EXTENSION else 1
    return 2 if ord(sign) > 0xFFFF else 1


VARIABLE = re.compile(r"\{([^{}]*)\}")


def variables_in(*texts: str) -> list[str]:
    """Names in braces, each once, in the order in which they come."""
    return list(dict.fromkeys(name for text in texts for name in VARIABLE.findall(text)))


def unbalanced(text: str) -> bool:
    """Whether a brace stands alone: a variable that was not finished."""
    return any(brace in VARIABLE.sub("", text) for brace in "{}")


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its variables; one without a value stays as it is."""
    return VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text)


# What a customer writes back to be left alone, folded as `is_opt_out` folds it.
OPT_OUT_WORDS = frozenset({"T", "TD", "R", "TT", "退订", "退订短信", "取消订阅", "拒收", "STOP", "UNSUBSCRIBE", "QUIT"})
_AROUND = " \t\r\n.,!?;:'\"()。，！？；：、“”‘’（）【】[]<>《》~-"


def is_opt_out(text: str) -> bool:
    """Whether a reply asks for no more messages: one of the words alone, in any case and width."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"\s+", "", folded).strip(_AROUND) in OPT_OUT_WORDS


# By channel and language: what is put after a text whose purpose needs a way out.
OPT_OUT_ENDINGS = {
    ("sms", "zh"): " 回T退订",
    ("sms", "en"): " Reply TD to stop",
    ("email", "zh"): "\n\n如不想再收到此类邮件，请回复“退订”。",
    ("email", "en"): "\n\nReply STOP if you do not want such mails.",
    ("app", "zh"): "\n\n如不想再收到此类消息，可在APP的消息设置中关闭。",
    ("app", "en"): "\n\nSuch messages can be switched off in the message settings of the app.",
}
