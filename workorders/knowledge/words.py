"""The words of a text, as they are stored to be found and as they are looked for. Pure.

Chinese is cut into words by rjieba. Title and tags are also found by any part of them, by pinyin and by its initials,
as names of customers are (customers.facts.name_words; here read as words, not as surnames); words of the question and
the text by their pinyin, so that the wrong letter of the same sound finds them. English is stemmed by Postgres; what is
stored here is each word as it stands, for what is still being typed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType

LONGEST_WORD = 24
# Letters of a Latin word from which a slip of the finger is allowed for, and from which two are.
CORRECTED_FROM, TWICE_FROM = 4, 8
MAX_QUERY_LETTERS, MAX_QUERY_WORDS = 60, 8

_RUN = re.compile(r"[㐀-䶿一-鿿]+|[a-z0-9]+")
# Asked in nearly every question: they tell nothing about what is looked for, unless nothing else is asked.
_EMPTY_CHINESE = (
    "的 了 吗 呢 吧 啊 是 在 我 你 您 他 要 想 有 和 与 就 都 也 还 很 太 怎么 怎么办 什么 如何 为什么 客户 用户"
)
_EMPTY_LATIN = (
    "a an and are as at be but by can do does for from had has have how i if in is it me my of on or our so that the"
    " their them they this to was we what when where which who why will with you your customer customers"
)
_EMPTY_WORDS = frozenset(f"{_EMPTY_CHINESE} {_EMPTY_LATIN}".split())


def is_chinese(run: str) -> bool:
    return not run.isascii()


def runs(text: str) -> list[str]:
    """Uninterrupted Chinese letters, and Latin words and numbers, in lower case."""
    return _RUN.findall(text.lower())


@lru_cache(maxsize=20_000)
def pinyin(word: str) -> tuple[str, ...]:
    """The syllables of a Chinese word, read as a word: 重新 is chong xin."""
    # Loading its dictionary takes a quarter of a second and 50 MB; only pages of articles and searches need it.
    from pypinyin import Style, lazy_pinyin

    return tuple(one.lower() for one in lazy_pinyin(word, style=Style.NORMAL))


@dataclass
class Lexemes:
    """{lexeme: weight} of what is stored; the better of two weights stays. A is better than D."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, words: Iterable[str], weight: str) -> None:
        for word in words:
            if word := word[:LONGEST_WORD]:
                self.found[word] = min(self.found.get(word, weight), weight)

    def literal(self) -> str:
        """As a tsvector; every lexeme has a place, because only that can carry a weight."""
        return " ".join(f"'{word}':1{weight}" for word, weight in sorted(self.found.items()))


def title_lexemes(texts: Iterable[str]) -> Lexemes:
    """Of titles and tags: every ending of each run, as written, as pinyin and as initials."""
    lexemes = Lexemes()
    for run in _runs_of(texts):
        if not is_chinese(run):
            lexemes.add([run], "A")
            continue
        lexemes.add(_jieba().cut_for_search(run), "A")
        syllables = pinyin(run)
        for start in range(len(run)):
            lexemes.add([run[start:]], "A")
            lexemes.add(["".join(syllables[start:]), "".join(one[0] for one in syllables[start:])], "B")
    return lexemes


def text_lexemes(texts: Iterable[str], *, weight: str) -> Lexemes:
    """Of running text: its words, and the pinyin of the Chinese ones."""
    lexemes = Lexemes()
    for run in _runs_of(texts):
        if not is_chinese(run):
            lexemes.add([run], weight)
            continue
        words = _jieba().cut_for_search(run)
        lexemes.add(words, weight)
        lexemes.add(("".join(pinyin(word)) for word in words if len(word) > 1), "D")
    return lexemes


def latin_words(texts: Iterable[str]) -> set[str]:
    """The Latin words that a slip may be corrected to."""
    return {
        run[:LONGEST_WORD]
        for run in _runs_of(texts)
        if not is_chinese(run) and len(run) >= CORRECTED_FROM and not run.isdigit()
    }


def _jieba() -> ModuleType:
    # Loading its dictionary takes a tenth of a second and 30 MB.
    import rjieba

    return rjieba


def _runs_of(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from runs(text)


@dataclass(frozen=True)
class Term:
    """One thing that is looked for. query: a tsquery of words as they stand; stem: a Latin word that Postgres stems."""

    text: str
    query: str
    stem: str = ""


def terms(text: str) -> list[Term]:
    """What a search asks for: each Latin word and each Chinese run, without empty words unless there are only those.

    A single Latin letter or digit would find nearly everything; it is left out."""
    found = [run for run in runs(text[:MAX_QUERY_LETTERS]) if is_chinese(run) or len(run) > 1]
    told = [run for run in found if run not in _EMPTY_WORDS]
    return [latin_term(run) if not is_chinese(run) else _chinese_term(run) for run in (told or found)[:MAX_QUERY_WORDS]]


def latin_term(run: str) -> Term:
    return Term(run, _beginning(run), stem=run)


def _chinese_term(run: str) -> Term:
    """The run as it stands at any place of a title, or all its words, each by letters or by sound."""
    words = [word for word in _jieba().cut(run) if word not in _EMPTY_WORDS] or [run]
    each = [
        f"({_beginning(word)} | {_beginning(''.join(pinyin(word)))})" if len(word) > 1 else _beginning(word)
        for word in words
    ]
    return Term(run, f"({_beginning(run)} | ({' & '.join(each)}))")


def _beginning(word: str) -> str:
    """Words are letters and digits only (_RUN), so that nothing has to be escaped."""
    return f"'{word[:LONGEST_WORD]}':*"


def deletes(word: str) -> list[str]:
    """The word and what is left of it without any one of its letters."""
    return list(dict.fromkeys([word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]))


def allowed_slips(word: str) -> int:
    if len(word) < CORRECTED_FROM or word.isdigit():
        return 0
    return 1 if len(word) < TWICE_FROM else 2


def distance(one: str, other: str) -> int:
    """Letters to put in, leave out, replace or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, above, row = row, before, [at]
        for place, opposite in enumerate(other, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != opposite))
            swapped = at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == opposite
            row.append(min(cost, above[place - 2] + 1) if swapped else cost)
    return row[-1]
