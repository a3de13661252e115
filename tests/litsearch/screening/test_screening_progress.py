"""Counts, and a statement that claims no more than the test behind it proves."""

from litsearch.screening.decisions import Decision, Verdict
from litsearch.screening.progress import progress


def decided(*verdicts: Verdict) -> dict[int, Decision]:
    return {
        paper: Decision(paper, verdict, "", "user", "2026-01-01T00:00:00Z")
        for paper, verdict in enumerate(verdicts, 1)
    }


def test_papers_are_counted_by_verdict_among_the_candidates() -> None:
    seen = progress([1, 2, 3, 4, 5, 6], decided("include", "maybe", "exclude", "exclude") | {})
    assert (seen.candidates, seen.included, seen.maybe, seen.excluded, seen.left) == (6, 1, 1, 2, 2)
    assert progress([2, 9], decided("include", "exclude")).decided == 1


def test_nothing_is_claimed_where_nothing_is_known() -> None:
    assert "nothing can be said" in progress([1, 2], {}).statement
    assert "nothing can be said" in progress(range(100), decided(*["exclude"] * 50)).statement
    assert "no candidates" in progress([], {}).statement


def test_a_long_run_of_excluded_papers_raises_the_share_found() -> None:
    early = progress(range(1, 401), decided("include", "include", *["exclude"] * 30))
    late = progress(range(1, 401), decided("include", "include", *["exclude"] * 300))
    assert early.bound is not None
    assert late.bound is not None
    assert early.bound < late.bound < 1
    assert f"at least {int(late.bound * 100)}%" in late.statement
    assert "no likelier" in late.statement, "the condition is said"


def test_when_all_are_decided_nothing_is_left_to_estimate() -> None:
    done = progress([1, 2], decided("include", "exclude"))
    assert (done.bound, done.left) == (1.0, 0)
    assert "All candidates are decided" in done.statement


def test_a_bound_that_says_nothing_is_not_shown() -> None:
    assert "Too little was read" in progress(range(5000), decided("include", "exclude")).statement
