"""Findings grouped by what they claim, and who stands on which side: no contradiction is averaged away."""

from collections.abc import Mapping, Sequence

from litsearch.agent.events import Claim, Finding, Judge, Stance
from litsearch.agent.inquiry import Reader
from litsearch.agent.mentions import unfounded_mentions
from litsearch.agent.numbers import unsupported_numbers
from litsearch.agent.replies import ClaimsReply
from litsearch.papers import StoredPaper

ALIKE = 0.3  # mean similarity in words from which two groups of quotes are taken to speak of the same

_OPPOSITE: Mapping[Stance, Stance] = {"supports": "contradicts", "contradicts": "supports"}


async def group(reader: Reader, question: str, findings: Sequence[Finding]) -> ClaimsReply:
    """A model's groups, unchecked. Raises ModelError and BudgetError."""
    shown = reader.findings(findings)
    return await reader.ask("claims", ClaimsReply, step="claims", question=question, findings=shown)


def checked(
    reply: ClaimsReply,
    findings: Sequence[Finding],
    papers: Mapping[int, StoredPaper],
    similarity: Sequence[Sequence[float]],
) -> tuple[Claim, ...]:
    """The model's groups, each finding once; what it forgot is grouped by the words of the quotes.

    Findings with opposite stances to the question are never left on one side of a claim, whatever the model
    says. A claim that has numbers or names of its own gives way to the words of its first finding.
    """
    free = {finding.number: finding for finding in findings}
    claims: list[Claim] = []
    for each in reply.claims:
        pro = [free.pop(number) for number in dict.fromkeys(each.supports) if number in free]
        con = [free.pop(number) for number in dict.fromkeys(each.contradicts) if number in free]
        if pro or con:
            own = [*pro, *con]
            text = founded(each.claim, own, papers) or own[0].claim
            claims.append(_sided(len(claims) + 1, text, pro, con, "model"))
    left = [at for at, finding in enumerate(findings) if finding.number in free]
    rest = by_words([findings[at] for at in left], [[similarity[a][b] for b in left] for a in left])
    return (*claims, *(_renumbered(claim, n) for n, claim in enumerate(rest, len(claims) + 1)))


def by_words(findings: Sequence[Finding], similarity: Sequence[Sequence[float]]) -> tuple[Claim, ...]:
    """Findings whose quotes share their telling words, by average linkage; the first of each says the claim.

    Sides come from the stances of the findings to the question. Where nobody judged those, nobody is said to
    agree: all are ``others``.
    """
    groups = [[at] for at in range(len(findings))]
    while True:
        near, first, second = max(
            (
                (_mean(similarity, a, b), -x, -y)
                for x, a in enumerate(groups)
                for y, b in enumerate(groups[x + 1 :], x + 1)
            ),
            default=(0.0, 0, 0),
        )
        if near < ALIKE:
            break
        groups[-first] = sorted(groups[-first] + groups.pop(-second))
    return tuple(_by_stance(n, [findings[at] for at in own]) for n, own in enumerate(groups, 1))


def _by_stance(number: int, own: Sequence[Finding]) -> Claim:
    """The first finding that takes a side says the claim; those of its stance support it."""
    judged = [finding for finding in own if finding.stance != "unjudged"]
    leader = next((finding for finding in own if finding.stance in _OPPOSITE), own[0])
    against = _OPPOSITE.get(leader.stance)
    con = [finding for finding in own if against and finding.stance == against]
    pro = [finding for finding in own if against and finding.stance == leader.stance]
    rest = [finding for finding in own if finding not in pro and finding not in con]
    claim = _sided(number, leader.claim, pro, con, "model" if judged else None)
    return Claim(
        number,
        claim.text,
        claim.supports,
        claim.contradicts,
        tuple(finding.number for finding in rest if finding.stance == "mixed"),
        tuple(finding.number for finding in rest if finding.stance != "mixed"),
        claim.sides,
    )


def _sided(
    number: int, text: str, pro: Sequence[Finding], con: Sequence[Finding], sides: Judge | None
) -> Claim:
    """A claim whose sides fit the stances: one that differs from the first of its own side changes sides."""
    stance = next((finding.stance for finding in pro if finding.stance in _OPPOSITE), None)
    against = _OPPOSITE[stance] if stance else None
    supports = [f for f in pro if f.stance != "mixed" and (against is None or f.stance != against)]
    moved = [f for f in pro if against is not None and f.stance == against]
    contradicts = [f for f in con if f.stance != "mixed"]
    return Claim(
        number=number,
        text=text,
        supports=tuple(finding.number for finding in supports),
        contradicts=tuple(finding.number for finding in (*contradicts, *moved)),
        mixed=tuple(finding.number for finding in (*pro, *con) if finding.stance == "mixed"),
        others=(),
        sides=sides,
    )


def founded(text: str, own: Sequence[Finding], papers: Mapping[int, StoredPaper]) -> str:
    """A model's words for what findings say, on one line; empty where they say more than the quotes."""
    text = " ".join(text.split())
    quotes = [finding.quote.text for finding in own]
    sources = [papers[finding.quote.id].paper for finding in own if finding.quote.id in papers]
    names = [paper.title for paper in sources]
    years = [paper.year for paper in sources if paper.year]
    foreign = unsupported_numbers(text, quotes, years=years, names=names)
    return "" if foreign or unfounded_mentions(text, quotes, sources) else text


def _mean(similarity: Sequence[Sequence[float]], first: Sequence[int], second: Sequence[int]) -> float:
    return sum(similarity[a][b] for a in first for b in second) / (len(first) * len(second))


def _renumbered(claim: Claim, number: int) -> Claim:
    return Claim(
        number, claim.text, claim.supports, claim.contradicts, claim.mixed, claim.others, claim.sides
    )
