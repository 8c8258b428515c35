"""Numbers, names of people and firms, and unassigned phone numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retention.simulator.lines import Lines
from retention.simulator.randomness import pick, scrambled
from retention.simulator.schema import choices

PHONE_BASE = 10_400_000_000
_PHONE_SPACE = 100_000_000
_HASH_KEY = 7
_PHONE_STEP = 61_803_399  # no common factor with the space: every index has its own number


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛")
_GIVEN_MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林博昊轩睿哲航晨文志国建"
_GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂英萍红玉兰梅琳雪慧莹洁婷颖倩欣怡佳悦梦瑶思雨诗涵可月晓云春"
_ENGLISH_SURNAMES = _words(
    "Adams Baker Brown Carter Clark Cooper Davies Edwards Evans Foster Garcia Green Hall Harris Hughes Jackson "
    "Jones Kelly King Lewis Martin Miller Moore Morgan Murphy Nguyen Parker Patel Reid Roberts Scott Shaw Singh "
    "Smith Stewart Taylor Thomas Turner Walker Ward Watson White Wilson Wright Young"
)
_ENGLISH_MALE = _words(
    "Adam Alan Ben Brian Charles Daniel David Edward Frank George Henry Jack James John Kevin Liam Mark Martin "
    "Michael Oliver Paul Peter Robert Ryan Simon Stephen Thomas William"
)
_ENGLISH_FEMALE = _words(
    "Alice Amy Anna Carol Claire Diana Ellen Emily Emma Grace Hannah Helen Jane Julia Karen Laura Linda Lucy Mary "
    "Megan Nancy Olivia Rachel Ruth Sarah Sophie Susan Zoe"
)
_FIRM_HEADS = _words(
    "恒信 瑞达 天成 宏远 鼎盛 博雅 金源 华茂 远航 永泰 德润 众合 启明 安泰 兴隆 万和 嘉禾 泰和 东方红 汇丰源 新锐 "
    "蓝海 星河 百川 同心 腾跃 长青 智联 优品 中科源"
)
_FIRM_TRADES = _words(
    "物流 贸易 科技 建设 机械 纺织 食品 医药 餐饮管理 物业服务 汽车销售 电子 "
    "农业开发 文化传媒 装饰工程 化工 环保 教育咨询 酒店管理 能源"
)
_OFFICES = _words("教育局 卫生健康局 公安局 税务局 市场监督管理局 交通运输局 水务局 民政局 财政局 档案馆")


def phone_numbers(lines: int) -> pa.Array:
    """One number per line, unique up to 100 million lines."""
    index = np.arange(lines, dtype=np.int64)
    return pa.array(PHONE_BASE + (index * _PHONE_STEP + 12_345_678) % _PHONE_SPACE).cast(pa.string())


def number_hashes(numbers: np.ndarray) -> pa.Array:
    """Sixteen hexadecimal characters per number: a line has the same hash as a contact of any other."""
    mixed = scrambled(numbers, _HASH_KEY)
    nibbles = (mixed[:, None] >> (np.arange(15, -1, -1, dtype=np.uint64) * np.uint64(4))) & np.uint64(15)
    letters = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[nibbles.astype(np.intp)]
    offsets = np.arange(0, 16 * len(numbers) + 1, 16, dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(numbers), [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))]
    )


def _joined(*parts: pa.Array, separator: str = "") -> pa.Array:
    return pc.binary_join_element_wise(*parts, separator)


def person_names(rng: np.random.Generator, female: np.ndarray, english: np.ndarray) -> pa.Array:
    """A name for each person: Chinese, or English where requested."""
    size = len(female)
    surnames = list(_SURNAMES) + list(_COMPOUND)
    weights = 1.0 / (np.arange(len(surnames)) + 6.0)
    weights[-len(_COMPOUND) :] = 0.0008
    family = choices(surnames, pick(rng, size, weights))
    given = [*_GIVEN_MALE, *_GIVEN_FEMALE]
    shift = np.where(female, len(_GIVEN_MALE), 0)
    span = np.where(female, len(_GIVEN_FEMALE), len(_GIVEN_MALE))
    first = choices(given, shift + (rng.random(size) * span).astype(np.int64))
    second = choices([*given, ""], np.where(rng.random(size) < 0.72,
                     shift + (rng.random(size) * span).astype(np.int64), len(given)))  # fmt: skip
    chinese = _joined(family, first, second)
    latin = _joined(
        choices(
            _ENGLISH_MALE + _ENGLISH_FEMALE,
            np.where(female, len(_ENGLISH_MALE), 0)
            + pick(rng, size, np.ones(min(len(_ENGLISH_MALE), len(_ENGLISH_FEMALE)))),
        ),
        choices(_ENGLISH_SURNAMES, pick(rng, size, np.ones(len(_ENGLISH_SURNAMES)))),
        separator=" ",
    )
    return pc.if_else(pa.array(english), latin, chinese)


def firm_names(rng: np.random.Generator, size: int, places: pa.Array) -> pa.Array:
    """Company names that begin with the given place names."""
    head = choices(_FIRM_HEADS, pick(rng, size, np.ones(len(_FIRM_HEADS))))
    trade = choices(_FIRM_TRADES, pick(rng, size, np.ones(len(_FIRM_TRADES))))
    return _joined(places, head, trade, pa.repeat(pa.scalar("有限公司"), size))


def office_names(rng: np.random.Generator, size: int, places: pa.Array) -> pa.Array:
    """Government offices of the given places."""
    return _joined(places, choices(_OFFICES, pick(rng, size, np.ones(len(_OFFICES)))))


def numbered(prefix: str, index: np.ndarray, width: int = 9) -> pa.Array:
    """prefix + zero-padded (index + 1)."""
    digits = pc.utf8_lpad(pa.array(index.astype(np.int64) + 1).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def line_indexes(subscriber_nos: Iterable[str]) -> np.ndarray:
    """Indexes of lines by the numbers that `numbered` made of them."""
    return np.array([int(number[1:]) - 1 for number in subscriber_nos], dtype=np.int32)


@dataclass(frozen=True)
class Identity:
    """Natural keys as Arrow strings, made once."""

    subscriber: pa.Array
    account: pa.Array
    customer: pa.Array
    phone: pa.Array

    @classmethod
    def of(cls, lines: Lines) -> "Identity":
        return cls(
            subscriber=numbered("S", np.arange(len(lines))),
            account=numbered("A", np.arange(lines.accounts)),
            customer=numbered("C", np.arange(int(lines.customer[-1]) + 1)),
            phone=phone_numbers(len(lines)),
        )

    def subscribers(self, block: slice, keep: np.ndarray) -> pa.Array:
        """Subscriber numbers of the selected rows of a block (no copy when all are selected)."""
        whole = self.subscriber.slice(block.start, block.stop - block.start)
        return whole if len(keep) == len(whole) else whole.take(pa.array(keep))

    def lines(self, index: np.ndarray) -> pa.Array:
        return self.subscriber.take(pa.array(index))
