"""脱敏: what in a text points at a private person. Rules flag, people decide; nothing is changed by itself."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple


class Detail(Enum):
    """What was found."""

    IDENTITY_NUMBER = "identity_number"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"
    NAME = "private_name"

    @property
    def label(self) -> str:
        return {"identity_number": "身份证号", "bank_card": "银行卡号", "mobile": "手机号", "private_name": "姓名"}[
            self.value
        ]

    @property
    def advice(self) -> str:
        return {
            "identity_number": "整个删去，不留任何一段号码。",
            "bank_card": "整个删去，不留任何一段号码。",
            "mobile": "删去，或改成科室的办公电话；必须保留时写成 138****1234 的样子。",
            "private_name": "困难群众的姓名改成“张某某”的样子；在职务上的干部可以保留。",
        }[self.value]


MASK = "〔略〕"


class PrivateDetail(NamedTuple):
    """A piece of the text from `start` to `end`; `shown` is how it may be repeated on a page or in a log."""

    kind: Detail
    start: int
    end: int
    shown: str


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
"""GB 11643-1999: the sum of the weighted digits modulo 11 picks the last character."""
_DIGITS = re.compile(r"(?<![0-9A-Za-z.])[0-9](?:[  -]?[0-9]){9,22}(?:[  ]?[Xx])?(?![0-9A-Za-z])")
"""A long number, in groups or not; Han characters and punctuation may stand right beside it."""
_WIDE = str.maketrans("０１２３４５６７８９ＸｘX", "0123456789XxX")

_HARDSHIP = "低收入(?:农)?户|贫困户|困难户|低保户|五保户|特困户|特困人员|低保对象|低保人员|帮扶户|脱贫户|困难群众|困难党员|残疾人|孤儿|留守儿童|失独老人|孤寡老人"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范石姚谭廖邹熊陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易武乔贺赖龚庞樊兰殷施洪翟颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦"
)  # fmt: skip
"""The common surnames, but for those that are more often another word after such a noun (于 和 高 方 成 向 金 常 安 全)."""
_ROLE = "村民|居民|户主|老人|老党员|党员|学生|大爷|大娘|老汉|大妈|阿姨|老两口|代表"
_END = "(?=[家的，。、；：！？（(）)\\s一因在患今年，]|等|说|和|与|夫妇|夫妻|同志|$)"
_BESIDE = (
    re.compile(rf"(?:{_HARDSHIP})(?:(?:{_ROLE})|[：、“—-])?(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?){_END}"),
    re.compile(
        rf"(?:(?:{_ROLE})|(?<![\u4e00-\u9fff]))(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
        rf"(?:一家|家|夫妇)?[（(，]?(?:是|系|属于|被列为|被评为|为)?(?:村里的|本村|全村|建档立卡)?(?:{_HARDSHIP})"
    ),
)
_NO_NAME = re.compile(
    r"某|×|X|\*|[人户村镇乡县市区项个名多余年月日元家委员部门会组队们都也均已就还共将把被对从按向由以及其之中有无没不能可要应省州务房转饱]"
)
"""A character that stands in no given name in these words: 贫困户江苏省, 低保户任务多, 白某某."""


_LONG_NUMBER = re.compile(r"\d{7,}[xX]?|0\d{2,3}[- ]?\d{3,4}[- ]?\d{4}")
"""Seven digits and more, or a telephone number in groups: whatever it is, no word of a library."""


def mask_private_details(text: str) -> str:
    """The text with MASK in place of private details and long numbers, for what is kept or shown without being looked over."""
    for detail in reversed(find_private_details(text)):
        text = f"{text[: detail.start]}{MASK}{text[detail.end :]}"
    return _LONG_NUMBER.sub(MASK, text)


def find_private_details(text: str) -> tuple[PrivateDetail, ...]:
    """All of them in the order of the text; none overlaps another."""
    found = sorted((*_find_numbers(text), *_find_names(text)), key=lambda detail: detail.start)
    return tuple(found)


def _find_numbers(text: str) -> Iterator[PrivateDetail]:
    plain = text.translate(_WIDE)
    for match in _DIGITS.finditer(plain):
        number = re.sub(r"[  -]", "", match[0]).upper()
        kind = _kind_of(number)
        if kind is not None:
            yield PrivateDetail(kind, match.start(), match.end(), _shown(kind, number))


def _kind_of(number: str) -> Detail | None:
    if is_identity_number(number):
        return Detail.IDENTITY_NUMBER
    if re.fullmatch(r"(?:86)?1[3-9][0-9]{9}", number):
        return Detail.MOBILE
    if is_bank_card(number):
        return Detail.BANK_CARD
    return None


def is_identity_number(number: str) -> bool:
    """Eighteen characters, a day of birth that can be, and the right last character."""
    if not re.fullmatch(
        r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]", number
    ):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == number[-1]


def is_bank_card(number: str) -> bool:
    """Sixteen to nineteen digits, the first as cards in use have it, and Luhn's sum right."""
    if not re.fullmatch(r"[3-6][0-9]{15,18}", number):
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _shown(kind: Detail, number: str) -> str:
    if kind is Detail.MOBILE:
        return f"{number[-11:-8]}****{number[-4:]}"
    return f"{len(number)} 位号码"


def _find_names(text: str) -> Iterator[PrivateDetail]:
    seen: set[int] = set()
    for pattern in _BESIDE:
        for match in pattern.finditer(text):
            name, start = match["name"], match.start("name")
            if start not in seen and not _NO_NAME.search(name[1:]):
                seen.add(start)
                yield PrivateDetail(Detail.NAME, start, match.end("name"), f"{name[0]}某")
