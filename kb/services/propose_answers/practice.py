"""The numbered measures of 做法 as rows: what, who, by when, which paper; and the sentences that made a rule of it."""

import re
from collections.abc import Iterator

from kb.services.propose_answers.sentences import paragraphs, part_of, sentences

MOST_STEPS = 12
LONGEST_ACTION = 40
_BODY = r"(?:党委|党支部|党总支|党组|纪委|组织部|工委|村委会|居委会|办事处|办公室|专班|领导小组)"
_LED = re.compile(r"由([\u4e00-\u9fff]{2,14}?)(?:牵头|负责|主持|组织|统筹|落实)")
_NAMED = re.compile(rf"(?:^|[，。；：、月起日])([^\W\d_谁的各和与由派让请推动联系]{{0,6}}?{_BODY})")
_DUE = re.compile(
    r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|初)?(?:[至到—]\d{4}年(?:\d{1,2}月)?|起)?"
    r"|每(?:年|半年|季度|月|周|日|天)|逐月|逐年|[\d一二三四五六七八九十两]+个?(?:工作日|天|日|周|月)内"
)
_PAPER = re.compile(r"《[^《》]{2,40}》|“[^“”]{1,13}[单账录表册卡图]”|“[^“”]{1,14}”的?(?:清单|台账|名单)")
_RULE = re.compile(r"(?:印发|出台|制定|修订|写成|写进|固定|形成|建立|健全).*(?:制度|办法|机制|规定|细则|规程|《)")
_FIRST = re.compile(r"[^。：:；]+")
_COUNTED = re.compile(r"[一二三四五六七八九]是([^；。]+)")


def find_steps(practice: str) -> list[dict[str, str]]:
    """At least two rows, or none."""
    measures = list(_measures(practice))
    if len(measures) < 2:
        measures = [found[1] for found in _COUNTED.finditer(practice)]
    rows = [_row(text, part_of(practice)) for text in measures[:MOST_STEPS]]
    return rows if len(rows) > 1 else []


def _measures(practice: str) -> Iterator[str]:
    """Each numbered paragraph or heading with what stands under it."""
    held = ""
    for paragraph in paragraphs(practice):
        if paragraph.is_numbered or paragraph.is_heading:
            if held:
                yield held
            held = f"{paragraph.text.rstrip('。')}。" if paragraph.is_heading else paragraph.text
        elif held:
            held += paragraph.text
    if held:
        yield held


def _row(text: str, part: str) -> dict[str, str]:
    first = _FIRST.match(text)
    action = first[0].strip() if first else text
    if len(action) > LONGEST_ACTION:
        action = action.partition("，")[0][:LONGEST_ACTION]
    told = text[first.end() :] if first else ""
    led, named, due = _LED.search(text), _NAMED.search(text), _DUE.search(told)
    papers = [found[0].strip("“”") if found[0].endswith("”") else found[0] for found in _PAPER.finditer(told)]
    row = {
        "action": action,
        "responsible": named[1] if named else led[1] if led else "",
        "due": due[0] if due else "",
        "output": papers[0] if papers else "",
        "part": part,
    }
    return {key: cell for key, cell in row.items() if cell}


def find_rules(practice: str) -> str:
    """The sentences in which something became a rule, as one paragraph."""
    return "".join(sentence for sentence in sentences(practice) if _RULE.search(sentence))
