"""Shapes of what the API answers. Ids stay ids where another address takes them; all else is in the words of the pages."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

Row = Mapping[str, str]


class ProblemName(NamedTuple):
    """A problem type by id and name."""

    id: Annotated[str, "问题类型编号"]
    label: Annotated[str, "问题类型名称"]


class CaseBrief(NamedTuple):
    """A case in a list."""

    id: Annotated[str, "案例编号"]
    title: Annotated[str, "标题"]
    kind: Annotated[str, "类型：经验或教训"]
    summary: Annotated[str, "摘要"]
    unit: Annotated[str, "单位"]
    level: Annotated[str, "层级"]
    field: Annotated[str, "领域"]
    year: Annotated[str, "开始的年份；来源没有写的为空"]
    problem: Annotated[ProblemName, "主问题类型"]
    mechanism: Annotated[str, "形成的机制的编号；没有的为空"]
    address: Annotated[str, "案例页的地址"]


class FoundCase(NamedTuple):
    """A hit of a search."""

    case: Annotated[CaseBrief, "案例"]
    why: Annotated[str, "为什么命中"]
    snippet: Annotated[str, "有所检索的词的一小段正文"]
    twins: Annotated[tuple[str, ...], "正文几乎相同、并在这一条里的案例编号"]


class FacetCount(NamedTuple):
    """A value of a condition and how many of the answers have it."""

    id: Annotated[str, "筛选时用的值"]
    label: Annotated[str, "名称"]
    cases: Annotated[int, "案例数"]


class SearchPage(NamedTuple):
    """A page of a search."""

    total: Annotated[int, "符合的案例数"]
    page: Annotated[int, "第几页"]
    size: Annotated[int, "每页几个"]
    pages: Annotated[int, "共几页"]
    words: Annotated[tuple[str, ...], "实际检索的词"]
    relaxed: Annotated[str, "放宽了什么；没有放宽的为空"]
    cases: Annotated[tuple[FoundCase, ...], "这一页的案例"]
    facets: Annotated[Mapping[str, tuple[FacetCount, ...]], "可以缩小范围的条件，各值的案例数"]


class CasePage(NamedTuple):
    """A page of the list of cases."""

    total: Annotated[int, "案例数"]
    page: Annotated[int, "第几页"]
    size: Annotated[int, "每页几个"]
    pages: Annotated[int, "共几页"]
    cases: Annotated[tuple[CaseBrief, ...], "这一页的案例"]


class Source(NamedTuple):
    """Where facts come from; "" for what is not known."""

    title: Annotated[str, "标题"]
    publisher: Annotated[str, "发布者"]
    published_on: Annotated[str, "发布日期"]
    address: Annotated[str, "网址；转载的、不可信的不给"]
    parts: Annotated[tuple[str, ...], "用到的部分"]


class CaseRecord(NamedTuple):
    """A whole case."""

    id: Annotated[str, "案例编号"]
    title: Annotated[str, "标题"]
    kind: Annotated[str, "类型：经验或教训"]
    origin: Annotated[str, "由本单位写，还是据公开来源写"]
    summary: Annotated[str, "摘要"]
    keywords: Annotated[tuple[str, ...], "关键词"]
    unit: Annotated[str, "单位"]
    level: Annotated[str, "层级"]
    field: Annotated[str, "领域"]
    period: Annotated[str, "起止时间"]
    problems: Annotated[tuple[ProblemName, ...], "问题类型，主要的在前"]
    indicators: Annotated[tuple[str, ...], "党建指标"]
    mechanism: Annotated[str, "形成的机制的编号；没有的为空"]
    situation: Annotated[str, "一、问题（Markdown，下同）"]
    causes: Annotated[str, "二、成因"]
    practice: Annotated[str, "三、做法"]
    forming: Annotated[str, "四、机制"]
    effect: Annotated[str, "五、成效"]
    carrying: Annotated[str, "六、推广"]
    lessons: Annotated[str, "七、难点与教训"]
    steps: Annotated[tuple[Row, ...], "步骤，各列的含义见“机制模板”"]
    results: Annotated[tuple[Row, ...], "成效数据，数字照抄来源"]
    expected: Annotated[Row, "预期成效"]
    promotion: Annotated[Mapping[str, tuple[str, ...]], "适用范围、前提条件、必须照做、可以调整、风险"]
    cost: Annotated[Row, "投入"]
    quotes: Annotated[tuple[str, ...], "金句，正文里的原话"]
    contact: Annotated[Row, "联系科室"]
    sources: Annotated[tuple[Source, ...], "来源"]
    unstated: Annotated[tuple[str, ...], "来源没有写的项（原文未载）"]
    evidence: Annotated[str, "证据等级 E0 到 E3"]
    standing: Annotated[tuple[str, ...], "推广中、已推广；都不是的为空"]
    review_by: Annotated[str, "复核日期"]
    address: Annotated[str, "案例页的地址"]


class Highlight(NamedTuple):
    """A passage worth quoting, word for word."""

    kind: Annotated[str, "哪一种：成效数据、前后对比、金句、可引用的句子"]
    text: Annotated[str, "原文，一字不改；成效数据是一行各格并排"]
    section: Annotated[str, "出自哪一项"]
    dated: Annotated[str, "数据的日期；没有写的为空"]


class HighlightList(NamedTuple):
    """What is proposed of a case, and the revision it stands in."""

    case: Annotated[CaseBrief, "案例"]
    revision: Annotated[int, "第几次修订的原文；没有在本库修订过的为 0"]
    digest: Annotated[str, "原文文件的 SHA-256"]
    highlights: Annotated[tuple[Highlight, ...], "按规则挑出的亮点"]


class MechanismBrief(NamedTuple):
    """A mechanism in a list."""

    id: Annotated[str, "机制编号"]
    title: Annotated[str, "名称"]
    summary: Annotated[str, "摘要"]
    problems: Annotated[tuple[ProblemName, ...], "解决的问题类型"]
    cases: Annotated[int, "形成它的案例数"]
    standing: Annotated[tuple[str, ...], "推广中、已推广；都不是的为空"]
    address: Annotated[str, "机制页的地址"]


class MechanismPage(NamedTuple):
    """A page of the list of mechanisms."""

    total: Annotated[int, "机制数"]
    page: Annotated[int, "第几页"]
    size: Annotated[int, "每页几个"]
    pages: Annotated[int, "共几页"]
    mechanisms: Annotated[tuple[MechanismBrief, ...], "这一页的机制"]


class MechanismRecord(NamedTuple):
    """A whole mechanism."""

    id: Annotated[str, "机制编号"]
    title: Annotated[str, "名称"]
    summary: Annotated[str, "摘要"]
    problems: Annotated[tuple[ProblemName, ...], "解决的问题类型"]
    why: Annotated[str, "为什么有效"]
    steps: Annotated[tuple[Row, ...], "步骤，各列的含义见“机制模板”"]
    loop: Annotated[tuple[str, ...], "服务于四上四下的哪几步"]
    preconditions: Annotated[tuple[str, ...], "前提条件"]
    must_follow: Annotated[tuple[str, ...], "必须照做"]
    may_adapt: Annotated[tuple[str, ...], "可以调整"]
    documents: Annotated[tuple[Row, ...], "配套文件"]
    start_kit: Annotated[tuple[str, ...], "启动包"]
    safeguards: Annotated[tuple[str, ...], "长效保障"]
    boundaries: Annotated[tuple[str, ...], "适用边界"]
    fork_of: Annotated[str, "由哪个机制改来；不是改来的为空"]
    fork_reason: Annotated[str, "改了什么、为什么"]
    sources: Annotated[tuple[Source, ...], "来源"]
    unstated: Annotated[tuple[str, ...], "来源没有写的项（原文未载）"]
    cases: Annotated[tuple[CaseBrief, ...], "形成它的案例"]
    standing: Annotated[tuple[str, ...], "推广中、已推广；都不是的为空"]
    address: Annotated[str, "机制页的地址"]


class TypeRecord(NamedTuple):
    """A problem type."""

    id: Annotated[str, "问题类型编号"]
    label: Annotated[str, "名称"]
    parent: Annotated[str, "上一级的编号；第一级的为空"]
    definition: Annotated[str, "定义"]
    aliases: Annotated[tuple[str, ...], "也叫"]
    signs: Annotated[tuple[str, ...], "表现"]
    cases: Annotated[int, "案例数，相关的也算；第一级是各下级之和"]
    mechanisms: Annotated[int, "机制数"]
    address: Annotated[str, "这一类的页面地址"]


class TypeList(NamedTuple):
    """All problem types."""

    types: Annotated[tuple[TypeRecord, ...], "第一级，后面跟着它的下级"]


class Refusal(NamedTuple):
    """Why there is no answer (RFC 9457)."""

    type: Annotated[str, "about:blank：状态码已经说明是哪一种"]
    title: Annotated[str, "哪一种错误"]
    status: Annotated[int, "HTTP 状态码"]
    detail: Annotated[str, "出了什么错"]
    advice: Annotated[str, "怎么办"]
    code: Annotated[str, "可以报给管理员的代码"]
