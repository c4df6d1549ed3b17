"""No path of allowed moves includes a case with blocking findings."""

from hypothesis import given
from hypothesis import strategies as st

from kb.domain.workflow import Stage, move
from kb.errors import AskedWrongly


@given(st.lists(st.tuples(st.sampled_from(Stage), st.booleans()), max_size=30))
def test_no_path_includes_a_faulty_case(wishes: list[tuple[Stage, bool]]) -> None:
    stage = Stage.DRAFT
    for wanted, has_errors in wishes:
        try:
            reached = move(stage, wanted, has_errors=has_errors)
        except AskedWrongly:
            continue
        assert not (has_errors and reached is Stage.INCLUDED)
        assert (stage, reached) not in {(Stage.DRAFT, Stage.INCLUDED), (Stage.SUBMITTED, Stage.INCLUDED)}
        stage = reached
