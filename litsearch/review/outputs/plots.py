"""The plots of a report: papers by year, and where each question's evidence stands."""

from collections import Counter
from collections.abc import Mapping, Sequence

from litsearch.agent.citations import STANCES, label
from litsearch.agent.events import Stance
from litsearch.review.outputs.markup import clip
from litsearch.review.outputs.svg import LETTER, LINE, box, drawing, line, text
from litsearch.review.result import QuestionResult

_WIDTH = 860
_BARS = 40  # at most; more years than that share bars
_PLOT = 150  # height of the tallest bar
_EDGE = 16  # on both sides of the years, for labels that are wider than their bars
_NAMES = 48  # columns for a question
_INK: Mapping[Stance, str] = {
    "supports": "on-dark",
    "contradicts": "on-dark",
    "mixed": "on-light",
    "background": "on-light on-grey",
    "unjudged": "on-light on-grey",
}


def years(found: Sequence[int]) -> str:
    """How many papers are from each year, or from each few years where they span many."""
    first, last = min(found), max(found)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 10_000) if (last - first) // step < _BARS)
    start = first // step * step
    counts = Counter((year - start) // step for year in found)
    bars = (last - start) // step + 1
    tallest = max(sorted(counts), key=counts.__getitem__)
    most = counts[tallest]
    width = min(46.0, (_WIDTH - 2 * _EDGE) / bars)
    every = max(1, -(-44 // int(width)))  # a label takes some 44 px
    parts = [line(_EDGE, _PLOT + LINE + 0.5, _EDGE + bars * width, _PLOT + LINE + 0.5)]
    for bar in range(bars):
        count, year = counts[bar], start + bar * step
        height = _PLOT * count / most
        left = _EDGE + bar * width
        middle = left + 0.5 * width
        if count:
            named = f"{year}" if step == 1 else f"{year}-{year + step - 1}"
            top = _PLOT + LINE - height
            parts.append(box(left + width * 0.12, top, width * 0.76, height, "bar", f"{named}: {count}"))
            if bar == tallest or width >= (len(f"{count:,}") + 1) * LETTER:
                parts.append(text(middle, top - 4, f"{count:,}", "dim middle"))
        if bar % every == 0:
            parts.append(text(middle, _PLOT + 2 * LINE, f"{year}", "dim middle"))
    said = "Papers by year" if step == 1 else f"Papers by {step} years"
    return drawing(max(bars * width + 2 * _EDGE, 240), _PLOT + 2 * LINE + 8, said, parts)


def stances(questions: Sequence[QuestionResult]) -> str:
    """A bar for each question: how many of its findings support, contradict, and so on."""
    left = _NAMES * LETTER + 12
    counts = [_stances(asked) for asked in questions]
    most = max((sum(each.values()) for each in counts), default=0) or 1
    unit = (_WIDTH - left - 40) / most
    parts = _legend([stance for stance in STANCES if any(each[stance] for each in counts)])
    for row, (asked, found) in enumerate(zip(questions, counts, strict=True)):
        top = LINE * 2 + row * 26.0
        parts.append(text(0, top + 15, clip(f"{asked.id}  {asked.question}", _NAMES)))
        if not found.total():
            parts.append(text(left, top + 15, "no evidence" if asked.answered else "failed", "dim"))
        x = left
        for stance in STANCES:
            if count := found[stance]:
                width = count * unit
                parts.append(box(x, top, width, 20, stance, f"{asked.id}: {count} {label(stance)}"))
                if width > len(f"{count}") * LETTER + 4:
                    parts.append(text(x + width / 2, top + 15, f"{count}", f"{_INK[stance]} middle"))
                x += width
    return drawing(
        _WIDTH, LINE * 2 + len(questions) * 26 + 2, "Where the evidence of each question stands", parts
    )


def _stances(asked: QuestionResult) -> Counter[Stance]:
    return Counter(finding.stance for finding in asked.answered.findings) if asked.answered else Counter()


def _legend(shown: Sequence[Stance]) -> list[str]:
    parts: list[str] = []
    x = 0.0
    for stance in shown:
        parts += [box(x, 2, 13, 13, stance), text(x + 19, 13, label(stance))]
        x += 19 + (len(label(stance)) + 3) * LETTER
    return parts
