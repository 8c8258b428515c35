"""The parts of an SMS, exactly (3GPP TS 23.038, 23.040), and the words that opt out."""

import pytest

from campaigns.messages.rules import decode_gsm, encode_gsm, fill, is_opt_out, measure, split, unbalanced, variables_in


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts", "left"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 306, "GSM-7", 306, 2, 0),
        ("a" * 307, "GSM-7", 307, 3, 152),
        ("€" * 80, "GSM-7", 160, 1, 0),
        ("€" * 81, "GSM-7", 162, 2, 143),  # 76 signs of two septets, one septet stays free
        ("[a]", "GSM-7", 5, 1, 155),
        ("我" * 70, "UCS-2", 70, 1, 0),
        ("我" * 71, "UCS-2", 71, 2, 63),
        ("我" * 134, "UCS-2", 134, 2, 0),
        ("我" * 135, "UCS-2", 135, 3, 66),
        ("😀" * 35, "UCS-2", 70, 1, 0),
        ("😀" * 36, "UCS-2", 72, 2, 61),  # 33 signs of two units, one unit stays free
        ("a" * 69 + "`", "UCS-2", 70, 1, 0),  # the grave accent is not in the alphabet
        ("ç", "UCS-2", 1, 1, 69),  # only the capital is
    ],
)
def test_a_text_is_measured(text, encoding, units, parts, left):
    found = measure(text)
    assert (found.encoding, found.units, found.parts, found.left) == (encoding, units, parts, left)


@pytest.mark.parametrize("text", ["a" * 152 + "€" * 5, "我" * 66 + "😀" * 4, "x" * 500])
def test_no_sign_is_divided_between_parts(text):
    parts = split(text)
    assert "".join(parts) == text
    size = (
        (lambda one: len(encode_gsm(one))) if measure(text).is_gsm else (lambda one: len(one.encode("utf-16-be")) // 2)
    )
    assert all(size(one) <= (153 if measure(text).is_gsm else 67) for one in parts)


def test_the_alphabet_goes_there_and_back():
    text = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€"
    assert decode_gsm(encode_gsm(text)) == text
    assert encode_gsm("@€§") == b"\x00\x1b\x65\x5f"


@pytest.mark.parametrize(
    "text", ["T", "td", "ｔｄ", "TD。", " R ", "ｒ", "退订", "退 订", "【退订】", "回复", "stop!", "Stop", "取消订阅"]
)
def test_words_that_opt_out(text):
    assert is_opt_out(text) is (text != "回复")


@pytest.mark.parametrize("text", ["", "1", "谢谢", "我没有退订", "TDD", "please call", "R2", "不退订", "T恤"])
def test_other_replies_do_not(text):
    assert not is_opt_out(text)


def test_variables_of_a_text():
    assert variables_in("{a} {b} {a}", "{c}") == ["a", "b", "c"]
    assert fill("{a} and {b}", {"a": "1", "b": ""}) == "1 and {b}"
    assert [unbalanced(text) for text in ("{a}", "{a", "a}", "{{a}}", "")] == [False, True, True, True, False]
