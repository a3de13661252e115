"""What an update changed in an answer, in words."""

from collections.abc import Iterable

from litsearch.agent.events import Answered

SAME = "nothing new bears on it"
_SHOWN = 5  # keys of papers that are named


def said(before: Answered | None, after: Answered | None) -> str:
    """How the answer differs from that of the review before."""
    if after is None:
        return "it failed" if before else "it failed again"
    if before is None:
        return "answered for the first time"
    old, new = _quoted(before), _quoted(after)
    parts = [
        *_listed("quoted anew", (key for key in new if key not in old)),
        *_listed("no longer quoted", (key for key in old if key not in new)),
    ]
    sentences = {sentence.text for sentence in before.sentences}
    fresh = [sentence for sentence in after.sentences if sentence.text not in sentences]
    gone = sentences - {sentence.text for sentence in after.sentences}
    if fresh or gone:
        parts.append(
            f"sentences: {len(fresh)} new, {len(gone)} gone, {len(after.sentences) - len(fresh)} kept"
        )
    contested = sum(claim.contested for claim in after.claims) - sum(
        claim.contested for claim in before.claims
    )
    if contested:
        parts.append(f"contested claims: {contested:+d}")
    return "; ".join(parts) or "the same answer"


def _quoted(answered: Answered) -> dict[str, None]:
    return dict.fromkeys(finding.quote.key for finding in answered.findings)


def _listed(words: str, keys: Iterable[str]) -> list[str]:
    found = list(keys)
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return [f"{words}: {', '.join(found[:_SHOWN])}{more}"] if found else []
