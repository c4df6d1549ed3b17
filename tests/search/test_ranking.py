"""What each step from BM25F to an order for people does; each test shows the order without the step as well."""

import pytest

from search import Document, Request, Schema, TextField, parse, plan
from search.engines.whoosh import WhooshEngine, coverage, ranking
from search.plan import MAX_SIGNS, MAX_TERMS, MAX_WORDS, build_plan

SCHEMA = Schema((TextField("body"),))
FILLER = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"  # shares nothing with any query


@pytest.fixture
def order(tmp_path, analyser):
    """Ids in the order of a search over these bodies."""
    engines = []

    def ask(text, bodies):
        engine = WhooshEngine(tmp_path / str(len(engines)), SCHEMA, analyser)
        engines.append(engine)
        engine.rebuild([Document(id, {"body": body}) for id, body in bodies.items()], stamp="")
        return [hit.id for hit in engine.search(Request(parse(text), limit=99)).hits]

    yield ask
    for engine in engines:
        engine.close()


def test_what_opens_with_the_query_comes_before_what_mentions_it_later(order, monkeypatch):
    bodies = {
        "later": FILLER * 5 + "党员教育，党员教育。",
        "opens": "党员教育。" + FILLER * 5 + "玄黄宇宙洪荒日月",
        "other": FILLER,
    }
    assert order("党员教育", bodies) == ["opens", "later"]
    monkeypatch.setattr(ranking, "REORDERED", 1)
    assert order("党员教育", bodies) == ["later", "opens"]


def test_all_words_once_are_worth_more_than_one_word_often(order, monkeypatch):
    bodies = {
        "often": FILLER * 6 + "督查台账" * 9,
        "all": FILLER * 6 + "督查，拖欠，台账，工资。" + FILLER * 10,
        "other": FILLER,
    }
    assert order("怎样督查台账上拖欠的工资", bodies) == ["all", "often"]
    monkeypatch.setattr(coverage, "WORDS", 0)
    assert order("怎样督查台账上拖欠的工资", bodies) == ["often", "all"]


def test_pieces_count_where_a_word_is_written_otherwise(order, monkeypatch):
    bodies = {
        "often": FILLER * 6 + "线路，" * 6,
        "pieces": FILLER * 6 + "公共汽车，交通安全，线路" + FILLER * 12,  # of 公共交通, far from the opening
        "other": FILLER,
    }
    assert order("怎样调整公共交通线路", bodies) == ["pieces", "often"]
    monkeypatch.setattr(coverage, "PIECES", 0)
    assert order("怎样调整公共交通线路", bodies) == ["often", "pieces"]


def test_posting_lists_say_of_words_and_pieces_what_the_texts_say(tmp_path, analyser):
    schema = Schema((TextField("title"), TextField("body")))
    engine = WhooshEngine(tmp_path, schema, analyser)
    halves = ("三会一课，党建", "app引领％的村", "四上四下", "公共，交通", "交", "")
    made = [
        Document(f"{n}{m}", {"title": one, "body": two}) for n, one in enumerate(halves) for m, two in enumerate(halves)
    ]
    engine.rebuild(made, stamp="")
    asked = ["三会一课", "党建引领的村", "公共交通", "app的村", "ap", "课党", "四上", "%", "村"]
    with engine._using() as snapshot:
        numbers = list(range(len(made)))[::-1]
        texts = [snapshot.folded(number) for number in numbers]
        for text in asked:
            built = build_plan(parse(text), analyser)
            for sought in ([coverage._spellings(word) for word in built.words], [(piece,) for piece in built.ngrams]):
                worth = coverage.Worth((spellings, 1.0 + place) for place, spellings in enumerate(sought))
                shares = worth.shares(snapshot, numbers, texts if worth.is_read else ())
                assert shares == pytest.approx([worth.share(text) for text in texts])
    engine.close()


def test_what_stands_in_every_document_hardly_counts(order, monkeypatch):
    common = {f"c{n}": "党建引领基层治理。" * 3 + FILLER for n in range(12)}
    bodies = {**common, "rare": "人才洼地。" + FILLER * 2 + "党建引领"}
    monkeypatch.setattr(ranking, "REORDERED", 1)
    assert order("党建引领基层治理人才洼地", bodies)[0] == "rare"
    monkeypatch.setattr(ranking, "correction", lambda frequency, count: 1.0)
    assert order("党建引领基层治理人才洼地", bodies)[0] == "c0"


DESCRIPTION = "小区旁边建了搅拌站，运渣车吵得人睡不着，灰尘满天飞，附近居民向谁反映都没有结果"


def test_a_long_document_has_something_of_every_description(order, monkeypatch):
    bodies = {
        "long": FILLER * 15 + "小区旁边建了搅拌站，运渣车吵得人睡不着，灰尘满天飞，附近居民",
        "short": "搅拌站运渣车吵得睡不着，灰尘满天飞。" + FILLER,
        "other": FILLER * 3,
    }
    monkeypatch.setattr(ranking, "FEEDBACK_SHARE", 0)
    assert order(DESCRIPTION, bodies) == ["short", "long"]
    monkeypatch.setattr(ranking, "BREVITY", 0)
    assert order(DESCRIPTION, bodies) == ["long", "short"]


def test_documents_on_the_same_matter_come_forward(order, monkeypatch):
    bodies = {
        "a": "丽发新城小区旁边建了搅拌站，运渣车吵得人睡不着。" + FILLER,
        "b": "丽发新城的搅拌站灰尘满天飞，居民无法开窗。" + FILLER,
        "same": "丽发新城业主投诉砂石厂，灰尘。" + FILLER,
        "else": "某某花园业主投诉砂石厂，灰尘。" + FILLER,
        "none": FILLER,
    }
    # Only what the best documents share says that "same" is about the same place.
    with_feedback = order(DESCRIPTION, bodies)
    monkeypatch.setattr(ranking, "FEEDBACK_SHARE", 0)
    without = order(DESCRIPTION, bodies)
    assert (with_feedback, without) == (["a", "b", "same", "else"], ["a", "b", "else", "same"])


def test_a_page_is_asked_by_its_telling_words(analyser, monkeypatch):
    monkeypatch.setattr(plan, "MAX_WORDS", 3)
    page = (
        "工作，发展，建设，社会，经济，国家，人民，四上四下，中梗阻，宽松软，工作，发展，建设，社会，经济，国家，人民"
    )
    assert [word.text for word in build_plan(parse(page), analyser).words] == ["四上四下", "中梗阻", "宽松软"]


def test_a_page_asks_a_bounded_number_of_terms(analyser):
    page = "".join(map(chr, range(0x4E00, 0x4E00 + 4_000)))
    built = build_plan(parse(page), analyser)
    assert (len(built.words), len(built.weights)) == (MAX_WORDS, MAX_TERMS)


@pytest.mark.parametrize("count", [MAX_SIGNS, MAX_SIGNS + 1])
def test_a_long_list_of_quotes_is_no_list_of_demands(analyser, count):
    built = build_plan(parse(" ".join(f"“第{n}”" for n in range(count))), analyser)
    assert (len(built.literals), built.is_long) == ((count, False) if count <= MAX_SIGNS else (0, True))
