"""A content folder on disk with made-up records: no unit, person or figure in it is real."""

from pathlib import Path

from kb.config import Settings
from tests.made_up import CASE, MECHANISM, ROOT

TYPES = """types:
  - id: P1
    label: 责任落实
    definition: 责任有没有人担。
    children:
      - id: P1.1
        label: 虚化弱化
        definition: 责任写在纸上，没有人管。
        aliases: [党建虚化]
        signs: [没有人管]
  - id: P5
    label: 组织功能
    children:
      - id: P5.1
        label: 软弱涣散
        definition: 支部开不成会，办不成事。
        aliases: [后进整顿]
        signs: [开不成会]
        remedies:
          - {text: 派人结对, source: made-up, part: 一, inferred: "true"}
          - {text: 按办法检查, source: made-up, part: 一}
retired:
  P9.9: P5.1
"""
UNITS = """units:
  - {label: 虚构镇党委, region: "000000", level: 镇街}
  - {label: 虚构村党支部, region: "000000", level: 村社区}
"""
INDICATORS = """indicators:
  - {id: I01, label: 组织}
"""
RECORD = """id: made-up
title: 虚构的报道
publisher: 虚构报
date: 2020-01-02
url: https://example.invalid/report
note: 两个数字对不上，照录。
extent: 全文
parts:
  - id: 一
    heading: 开头
    facts: [3个支部两年没有开会, 制定《虚构镇支部工作办法》, "党员1,200人"]
  - id: 二
    heading: 结尾
    facts: [支部由3个减到0个, 占87.6%]
"""
SPENT = "虚构村每周催各组交报表，催来的台账多半是空的，到年底没有一件事办成，会也不再开。这些话同样是"
LESSON = (
    CASE.replace("id: 000000-2020-01", "id: 000000-2021-02")
    .replace("kind: 经验", "kind: 教训")
    .replace("title: 虚构镇用结对办法帮三个软弱涣散支部开起会来", "title: 虚构村催报表催出一堆空台账的教训")
    .replace("unit: 虚构镇党委", "unit: 虚构村党支部")
    .replace(
        "虚构镇有支部长期不开会。镇党委派人与支部结对，逐月帮助，把支部的会开起来，把办法写成制度。这段摘要是", SPENT
    )
    .replace("level: 镇街", "level: 村社区")
    .replace("start: 2019-01", "start: 2021-03")
    .replace("review_by: 2027-01-01", "review_by: 2022-01-01")
    .replace("visibility: 公开", "quotes: [一年收上来三百张表，没有办成一件事]\nvisibility: 公开")
    .replace("群众意见很多。", "群众意见很多。一年收上来三百张表，没有办成一件事。")
)
FILES = {
    "cases/000000-2020-01.md": CASE,
    "cases/000000-2021-02.md": LESSON,
    "mechanisms/pair-up.md": MECHANISM,
    "taxonomy/problem-types.yaml": TYPES,
    "taxonomy/units.yaml": UNITS,
    "taxonomy/indicators.yaml": INDICATORS,
    "taxonomy/credible-hosts.yaml": "hosts: [example.invalid]\n",
    "sources/made-up.yaml": RECORD,
    "lexicon/terms.txt": "软弱涣散\n",
    "lexicon/synonyms.yaml": "groups: []\n",
}


def write_folder(folder: Path, more: dict[str, str] | None = None) -> Settings:
    """Writes the files (and `more`) under `folder` and returns settings that use them with the real templates."""
    for name, text in {**FILES, **(more or {})}.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Settings(folder / "content", folder / "data", ROOT / "templates")
