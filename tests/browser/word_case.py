"""A two-page Word file as an editor would have it: a 公文 with 一、 and （一）; every unit, person and figure in it is made up."""

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

TITLE = "虚构镇用“{0}”办法让三个软弱涣散支部重新开起会来"
TEXT = """虚构镇党委
（2024年3月）
（本文为测试编写，其中的单位、人物和数字都是虚构的。）
虚构镇有三个村的党支部两年没有按期召开支部党员大会，党员不知道支部在做什么，群众有事也不找支部。2022年3月以来，镇党委派机关干部与三个支部一对一{0}，帮着定议题、召集人、记台账，到2023年12月三个支部都能自己按月开会，镇里把做法写成了制度，在全镇推开。
一、基本情况
虚构镇下辖12个村，有党支部15个、党员432名。2022年初，镇党委在排查中发现，三个村的党支部已有两年没有召开过支部党员大会，“三会一课”记录为空，涉及党员86名。群众反映的修路、用水等事没有人牵头，村民遇事直接找镇里，当年信访量占全镇的四成。
二、原因分析
一是带头人缺位。三个支部的书记都常年外出务工，村里没有人召集。二是无人过问。镇党委原先只看年底报表，报表填了就算开了会，没有人到村里看过。三是会开了没有用。以前开会只念文件，定下的事没有人办，党员觉得来不来一个样。
三、主要做法
（一）摸清底数，一村一策。2022年3月，镇党委组织办逐村走访，与86名党员逐一谈话，列出每个支部“为什么开不起来”的清单，由镇党委书记主持会议逐条定措施。
（二）干部{0}，逐月到场。2022年4月起，镇党委从机关选派6名干部，每个支部2名，每月到场一次，帮助定议题、通知党员、主持会议，直到支部能自己开会为止。
（三）一会一单，会后回访。每次会议形成一张“办事单”，写明办什么、谁来办、何时办完。镇纪委每季度回访一次，没有办成的在下次会上说明原因。2022年4月至2023年12月共形成办事单63张，办结58张。
（四）立下规矩，长期坚持。2023年12月，镇党委印发《虚构镇党支部{0}办法》，把到场、办事单、回访三项做法固定下来，写明支部连续两个月没有开会的，自动进入名单。
四、取得成效
三个支部由两年不开会变为每月开会，不开会的支部由3个减为0个。党员到会率由31%提高到87%。三个村的信访件由2021年的46件下降到2023年的9件。2023年底，三个支部都选出了常年在村的书记。
五、经验启示
（一）适合村党支部长期不开会、书记不在村的乡镇，前提是镇里能抽出干部按月到场。
（二）干部必须每月到场，不能用电话代替；办事单的格式各地可以自己定。
（三）要防止干部包办代替，支部能自己开会以后要及时退出。"""


def write_word_case(path: Path, way: str) -> str:
    """Writes the file, set as GB/T 9704 sets a 公文, and returns its title; `way` is the word that makes it another case."""
    document = Document()
    for number, line in enumerate((TITLE.format(way), *TEXT.format(way).split("\n"))):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(line)
        is_heading = line[1:2] == "、"
        face = "方正小标宋简体" if number == 0 else "黑体" if is_heading else "仿宋_GB2312"
        run.font.size = Pt(22 if number == 0 else 16)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        paragraph.paragraph_format.line_spacing = Pt(28.95)
        if number < 4:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            paragraph.paragraph_format.first_line_indent = Pt(32)
    document.save(str(path))
    return TITLE.format(way)
