"""One page asks the engine once for what it needs twice, and is told the same."""

from kb.services.limit_search import LimitedSearch
from search import Hit, Reason, Request, Results, parse

FOUND = Results(
    total=3,
    hits=tuple(Hit(name, 1.0, (Reason("支部", "title"),), {"title": "支部"}) for name in "abc"),
    facets={"year": {"2020": 3}},
    relaxed=None,
    words=("支部",),
    took_ms=1.0,
)


class Recorder:
    """A Searcher that finds the same for every request and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def search(self, request: Request) -> Results:
        self.asked.append(request)
        return FOUND


def test_a_bare_request_for_what_was_just_found_asks_nothing_again() -> None:
    engine = Recorder()
    search = LimitedSearch(engine, {"public"})
    search.search(Request(parse("支部"), facets=("year",)))
    found = search.search(Request(parse("支部"), limit=2, is_bare=True))
    assert len(engine.asked) == 1
    assert (found.total, found.facets) == (3, {})
    assert found.hits == (Hit("a", 1.0, (), {}), Hit("b", 1.0, (), {}))


def test_whatever_differs_is_asked() -> None:
    first = Request(parse("支部"), facets=("year",))
    others = (
        Request(parse("党委"), is_bare=True),
        Request(parse("支部"), limit=11, is_bare=True),
        Request(parse("支部"), offset=1, is_bare=True),
        Request(parse("支部"), {"year": ("2020",)}, is_bare=True),
        Request(parse("支部"), order="-year", is_bare=True),
        Request(parse("支部"), is_bare=True, is_description=True),
        Request(parse("支部"), facets=("year",), is_bare=True),
        Request(parse("支部"), limit=2),
    )
    for other in others:
        engine = Recorder()
        search = LimitedSearch(engine, {"public"})
        search.search(first)
        search.search(other)
        assert len(engine.asked) == 2, other


def test_nobody_is_given_what_another_reader_found() -> None:
    engine = Recorder()
    for sees in ({"public"}, {"public", "signed-in"}):
        LimitedSearch(engine, sees).search(Request(parse("支部"), is_bare=True))
    assert [request.filters for request in engine.asked] == [
        {"visibility": ("public",)},
        {"visibility": ("public", "signed-in")},
    ]
