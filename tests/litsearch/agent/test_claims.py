from hypothesis import given
from hypothesis import strategies as st

from litsearch.agent.claims import by_words, checked
from litsearch.agent.events import Finding, Quote, Stance
from litsearch.agent.replies import ClaimReply, ClaimsReply
from litsearch.papers import Paper, StoredPaper

STANCES: tuple[Stance, ...] = ("supports", "contradicts", "mixed", "background", "unjudged")


def finding(number: int, stance: Stance) -> Finding:
    text = f"the quote of finding {number}"
    return Finding(
        number, f"claim {number}", Quote(number, f"k{number}", "abstract", 0, 9, text, False), stance, "model"
    )


def apart(count: int) -> list[list[float]]:
    return [[float(a == b) for b in range(count)] for a in range(count)]


def close(count: int) -> list[list[float]]:
    return [[1.0] * count for _ in range(count)]


def papers(count: int) -> dict[int, StoredPaper]:
    return {n: StoredPaper(n, f"k{n}", Paper(f"Title {n}")) for n in range(1, count + 1)}


def reply(claim: str, supports: list[int], contradicts: list[int]) -> ClaimsReply:
    return ClaimsReply(claims=[ClaimReply(claim=claim, supports=supports, contradicts=contradicts)])


def test_opposite_stances_are_never_left_on_one_side() -> None:
    findings = [finding(1, "supports"), finding(2, "contradicts"), finding(3, "mixed")]
    [claim] = checked(reply("It helps.", [1, 2, 3], []), findings, papers(3), apart(3))
    assert (claim.supports, claim.contradicts, claim.mixed) == ((1,), (2,), (3,))
    assert claim.contested


def test_a_claim_with_a_number_of_its_own_gives_way_to_the_first_finding() -> None:
    [claim] = checked(reply("It helps by 12%.", [1], []), [finding(1, "supports")], papers(1), apart(1))
    assert claim.text == "claim 1"


def test_findings_that_do_not_exist_are_nobody_and_forgotten_ones_come_back() -> None:
    findings = [finding(1, "supports"), finding(2, "supports")]
    first, second = checked(reply("It helps.", [1, 9], []), findings, papers(2), apart(2))
    assert (first.supports, second.supports) == ((1,), (2,))
    assert (first.number, second.number) == (1, 2)


def test_words_alone_group_and_say_nothing_of_sides() -> None:
    [claim] = by_words([finding(1, "unjudged"), finding(2, "unjudged")], close(2))
    assert (claim.supports, claim.contradicts, claim.others, claim.sides) == ((), (), (1, 2), None)
    assert len(by_words([finding(1, "unjudged"), finding(2, "unjudged")], apart(2))) == 2


def test_judged_stances_tell_the_sides_of_a_group() -> None:
    [claim] = by_words(
        [finding(1, "background"), finding(2, "contradicts"), finding(3, "supports")], close(3)
    )
    assert (claim.text, claim.supports, claim.contradicts, claim.others) == ("claim 2", (2,), (3,), (1,))


@given(
    st.lists(st.sampled_from(STANCES), max_size=7),
    st.lists(st.tuples(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9))), max_size=4),
    st.booleans(),
)
def test_each_finding_is_in_one_claim_and_no_contradiction_is_lost(
    stances: list[Stance], sides: list[tuple[list[int], list[int]]], near: bool
) -> None:
    findings = [finding(n, stance) for n, stance in enumerate(stances, 1)]
    said = ClaimsReply(claims=[ClaimReply(claim="So.", supports=a, contradicts=b) for a, b in sides])
    similarity = close(len(findings)) if near else apart(len(findings))
    claims = checked(said, findings, papers(len(findings)), similarity)
    assert sorted(number for claim in claims for number in claim.findings) == list(
        range(1, len(findings) + 1)
    )
    stance = {each.number: each.stance for each in findings}
    for claim in claims:
        assert not {"supports", "contradicts"} <= {stance[number] for number in claim.supports}
        assert all(stance[number] != "mixed" for number in (*claim.supports, *claim.contradicts))
