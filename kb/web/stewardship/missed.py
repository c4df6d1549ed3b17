"""没有找到的检索: counts by question for a period of months."""

from flask import render_template, request

from kb.domain.redaction import MASK
from kb.services.keep_lexicon import LONGEST as LONGEST_WORD
from kb.services.missed_searches import (
    KEPT_MONTHS,
    LONGEST,
    MOST_SHOWN,
    OTHERS,
    month_of,
    months_back,
    read_missed,
)
from kb.web.acting import actor, desk
from kb.web.reading import library, today
from kb.web.stewardship.pages import blueprint

PERIODS = {"1": "本月", "3": "近三个月", "12": "近十二个月", str(KEPT_MONTHS): "近两年"}


@blueprint.get("/missed")
def show_missed() -> str:
    period = request.args.get("months", "")
    period = period if period in PERIODS else "3"
    library().missed.flush()
    with desk().session() as session:
        page = read_missed(
            actor(), desk().missed_searches(session), months_back(today(), int(period) - 1), month_of(today())
        )
    return render_template(
        "stewardship/missed.html",
        page=page,
        period=period,
        periods=PERIODS,
        most=MOST_SHOWN,
        longest=LONGEST,
        longest_word=LONGEST_WORD,
        others=OTHERS,
        mask=MASK,
    )
