"""为什么命中 in words: by the asker's word, other words only where that one stands nowhere, and not too many."""

from kb.services.explain_hit import MOST_WORDS, explain, explain_looseness, fits_loosely
from search import Hit, Reason, Relaxation, Results


def test_words_are_told_with_their_fields_and_other_words_for_them() -> None:
    reasons = [Reason("支部", "title"), Reason("支部", "body"), Reason("后进整顿", "body", "软弱涣散")]
    assert explain(reasons) == "“支部”见于标题、正文；“软弱涣散”（库中作“后进整顿”）见于正文"


def test_another_word_is_not_named_where_the_word_itself_stands() -> None:
    reasons = [Reason("上面", "mechanism", "上级"), Reason("上级", "body")]
    assert explain(reasons) == "“上级”见于正文"


def test_several_other_words_are_told_together() -> None:
    reasons = [Reason("报表", "title", "填表"), Reason("表格", "title", "填表"), Reason("表格", "signs", "填表")]
    assert explain(reasons) == "“填表”（库中作“报表”“表格”）见于标题、这类问题的表现"


def test_a_page_of_words_is_cut() -> None:
    told = explain([Reason(f"词{number}", "body") for number in range(MOST_WORDS + 5)])
    assert told.count("“") == MOST_WORDS
    assert told.endswith("见于正文等")


def test_pieces_are_called_pieces_and_nothing_is_nothing() -> None:
    assert explain([Reason("公示", "title")], only_ngrams=True) == "仅有部分字词相符：“公示”见于标题"
    assert explain([], only_ngrams=True) == ""


def test_a_relaxation_to_pieces_is_told_by_what_the_hits_have() -> None:
    whole, piece = Hit("1", 1.0, (), {}), Hit("2", 1.0, (), {}, only_ngrams=True)

    def told(relaxed: Relaxation | None, *hits: Hit) -> str | None:
        return explain_looseness(Results(len(hits), hits, {}, relaxed, (), 0.0))

    assert told(None, whole) is None
    assert told(Relaxation.NGRAMS, piece) == "没有包含这些词语的案例，以下案例仅有部分字相符。"
    assert told(Relaxation.NGRAMS, piece, whole) == "没有包含多数词语的案例，以下案例只有个别词语或字相符。"


def test_few_telling_words_of_which_no_hit_has_most_are_fitted_loosely_and_a_told_problem_is_not() -> None:
    def loose(words: tuple[str, ...], *found: tuple[str, ...], relaxed: Relaxation | None = None) -> bool:
        hits = tuple(Hit(str(n), 1.0, tuple(Reason(word, "body") for word in of), {}) for n, of in enumerate(found))
        return fits_loosely(Results(len(hits), hits, {}, relaxed, words, 0.0))

    assert loose(("无人认领", "楼门", "长", "选"), ("长", "选"), ("楼门", "长"))
    assert not loose(("流动", "党员"), ("党员",), ("流动", "党员"))
    assert loose(("流动", "党员"), ("流动", "党员"), relaxed=Relaxation.MOST_WORDS)
    assert not loose(("路烂", "微信", "筹钱", "怎么", "账目"), ("账目",))
    assert not loose(()) and loose(("火锅",))
    other_word = Hit("1", 1.0, (Reason("后进整顿", "body", "软弱涣散"),), {})
    assert not fits_loosely(Results(1, (other_word,), {}, None, ("软弱涣散",), 0.0))
