"""How Chinese letters are spelled, and what is looked for, for finding names by a part, by pinyin or by initials."""

from collections.abc import Iterable, Sequence

# Letters of a word that are kept and looked for: a search rarely has more, and a long name has many words.
LONGEST_WORD = 24
# As surnames these are read in their own way; the reading of the dictionary finds them as well.
SURNAME_SYLLABLES = {
    "万": "mo", "乐": "yue", "仇": "qiu", "任": "ren", "区": "ou", "华": "hua", "单": "shan", "召": "shao",
    "员": "yun", "尉": "yu", "折": "she", "曾": "zeng", "朴": "piao", "查": "zha", "洗": "xian", "牟": "mu",
    "盖": "ge", "缪": "miao", "翟": "zhai", "臧": "zang", "覃": "qin", "解": "xie", "逄": "pang", "长": "zhang",
    "隗": "wei", "黑": "he",
}  # fmt: skip


def spell(letters: Iterable[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """(letters, syllables, syllables as a surname) of those letters that are Chinese: 单, dan, shan."""
    # Loading its dictionary takes a quarter of a second and 50 MB; few processes spell.
    from pypinyin import Style, lazy_pinyin

    chinese = [one for one in letters if not one.isascii() and one.isalpha()]
    syllables = ["".join(lazy_pinyin(one, style=Style.NORMAL)).lower() for one in chinese]
    return chinese, syllables, [SURNAME_SYLLABLES.get(one, said) for one, said in zip(chinese, syllables, strict=True)]


def name_query(text: str) -> str:
    """`text` as a tsquery for the beginning of a word; "" for what would find too many: one Latin letter or digit."""
    word = "".join(text.lower().split())[:LONGEST_WORD]
    if len(word) < 2 and word.isascii():
        return ""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "':*"
