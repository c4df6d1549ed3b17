"""Made-up records for tests: no unit, person or figure here is real."""

from pathlib import Path

from kb.domain.check_case import References
from kb.domain.records import Part, SourceRecord
from kb.domain.taxonomy import Indicator, ProblemType, Taxonomy, Unit
from kb.repository.reference_files import read_template
from kb.services.ports import ReferenceData

ROOT = Path(__file__).resolve().parent.parent
CASE_TEMPLATE = read_template(ROOT / "templates/mechanism/case.yaml")
UNIT_TEMPLATE = read_template(ROOT / "templates/mechanism/unit-sheet.yaml")
MECHANISM_TEMPLATE = read_template(ROOT / "templates/mechanism/mechanism.yaml")

TAXONOMY = Taxonomy(
    problems={
        "P1": ProblemType("P1", "责任落实"),
        "P1.1": ProblemType("P1.1", "虚化弱化", "P1", ("党建虚化",), "责任写在纸上，没有人管。", ("没有人管",)),
        "P5": ProblemType("P5", "组织功能"),
        "P5.1": ProblemType("P5.1", "软弱涣散", "P5", ("后进整顿",), "支部开不成会，办不成事。", ("开不成会",)),
    },
    retired={"P9.9": "P5.1"},
    units={"虚构镇党委": Unit("虚构镇党委", "000000", "镇街")},
    indicators={"I01": Indicator("I01", "组织")},
)
RECORD = SourceRecord(
    id="made-up",
    title="虚构的报道",
    publisher="虚构报",
    published_on="2020-01-02",
    extent="全文",
    parts={"一": Part("一", "开头", ("3个支部两年没有开会", "制定《虚构镇支部工作办法》", "党员1,200人")),
           "二": Part("二", "结尾", ("支部由3个减到0个", "占87.6%"))},
)  # fmt: skip
REFERENCE = ReferenceData(
    case_template=CASE_TEMPLATE,
    mechanism_template=MECHANISM_TEMPLATE,
    references=References(TAXONOMY, {"made-up": RECORD}, {"pair-up": ("P5.1",)}),
    lexicon_words=("软弱涣散",),
    synonyms=(),
    digest="made-up",
)

CASE = """---
id: 000000-2020-01
title: 虚构镇用结对办法帮三个软弱涣散支部开起会来
kind: 经验
origin: 据公开来源
summary: 虚构镇有支部长期不开会。镇党委派人与支部结对，逐月帮助，把支部的会开起来，把办法写成制度。这段摘要是为测试编写的，其中没有任何真实的单位、人物和数字，只用来检查程序能不能正确读取和显示案例。
keywords: [结对, 支部, 开会]
unit: 虚构镇党委
level: 镇街
field: 农村
period: {start: 2019-01, end: 原文未载}
problem: P5.1
sources:
  - {record: made-up, parts: [一, 二]}
mechanism: pair-up
steps:
  - {action: 摸底, responsible: 镇党委, due: 一月, output: 名单, part: 一}
results:
  - {measure: 不开会的支部, before: "3", now: "0", now_on: 2019-12, counted_in: 个, part: 二}
promotion:
  scope: [有支部不开会的镇]
  preconditions: 原文未载
visibility: 公开
status: 纳入
review_by: 2027-01-01
---

## 一、问题

虚构镇有 3 个支部两年没有开会〔一〕，党员不知道支部在做什么，村里的事也没有人商量，群众意见很多。

## 二、成因

支部书记都外出做工，没有人召集，镇里也没有人过问，时间一长便散了。

## 三、做法

镇党委先摸底，再派干部与每个支部结对，逐月到场，帮着定议题、通知党员、记录结果，并按《虚构镇支部工作办法》检查〔一〕。每次会后把没有办成的事记下来，下个月接着办，直到办完为止。

## 四、机制

结对办法写进制度，每个支部有固定的联系人，每月一次，记录备查。

## 五、成效

不开会的支部由 3 个减到 0 个〔二〕。

## 六、推广

适合有支部长期不开会的镇，先摸底，再结对，不必另设机构。
"""

MECHANISM = """---
id: pair-up
title: 干部与支部结对
summary: 派干部与不开会的支部结对，逐月到场帮助，直到支部能自己开会。
solves: [P5.1]
why: 因为没有人召集，所以派人到场，先把会开起来再说别的事。
steps:
  - {action: 摸底, responsible: 镇党委, due: 一月, output: 名单, part: 一}
  - {action: 结对, responsible: 镇党委, due: 二月, output: 原文未载, part: 一}
  - {action: 回访, responsible: 联系人, due: 每月, output: 记录, part: 二}
loop: [1U, 1D]
loop_reading: 编者判断
preconditions: [有可派的干部]
must_follow: [逐月到场]
may_adapt: [结对的人数]
documents:
  - {name: 《虚构镇支部工作办法》, number: 原文未载, standing: 原文未载, part: 一}
safeguards: [记录备查]
boundaries: 原文未载
sources:
  - {record: made-up, parts: [一, 二]}
status: 纳入
---

## 说明

为测试编写，制定《虚构镇支部工作办法》〔一〕。
"""

FILES = {"cases/000000-2020-01.md": CASE, "mechanisms/pair-up.md": MECHANISM}
