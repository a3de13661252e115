"""``prisma.svg``: the PRISMA 2020 flow diagram."""

from litsearch.review.outputs.flow import Box, Step, steps
from litsearch.review.outputs.markup import escape, wrap
from litsearch.review.outputs.svg import LETTER, LINE, arrow, box, drawing, number, text
from litsearch.review.result import Flow

_BAND = 30  # width of a stage's name
_LEFT, _RIGHT = 46, 416  # where the boxes begin
_WIDTH = 320  # of a box
_GAP = 34  # between steps
_PAD = 12  # inside a box
_COLUMNS = int((_WIDTH - 2 * _PAD) / LETTER)


def svg(flow: Flow) -> str:
    """The whole drawing."""
    parts: list[str] = []
    top = 1.0
    drawn = steps(flow)
    for step, following in zip(drawn, (*drawn[1:], None), strict=True):
        height = _height(step)
        parts += [*_band(step.stage, top, height), *_box(step.box, _LEFT, top, _own(step.box))]
        if step.aside:
            middle = top + min(_own(step.box), _own(step.aside)) / 2
            parts += [
                *_box(step.aside, _RIGHT, top, _own(step.aside)),
                arrow(_LEFT + _WIDTH, middle, _RIGHT, middle),
            ]
        if following:
            centre = _LEFT + _WIDTH / 2
            parts.append(arrow(centre, top + _own(step.box), centre, top + height + _GAP))
        top += height + _GAP
    return drawing(_RIGHT + _WIDTH + 4, top - _GAP + 1, "PRISMA 2020 flow diagram of the review", parts)


def _lines(wanted: Box) -> list[str]:
    """The first line as wide as the box, those after it with a hanging indent."""
    first, *others = wanted.lines
    lines = wrap(first, _COLUMNS)
    for each in others:
        head, *tail = wrap(each, _COLUMNS - 2)
        lines += [f"  {head}", *(f"    {line}" for line in tail)]
    return lines


def _own(wanted: Box) -> float:
    return len(_lines(wanted)) * LINE + 2 * _PAD - 4


def _height(step: Step) -> float:
    """Of a step, whose band must hold the stage's name upright."""
    own = [_own(step.box), _own(step.aside) if step.aside else 0]
    return max(*own, len(step.stage) * LETTER + _PAD)


def _box(wanted: Box, x: float, top: float, height: float) -> list[str]:
    parts = [box(x, top, _WIDTH, height, "box")]
    for row, words in enumerate(_lines(wanted)):
        indent = (len(words) - len(words.lstrip())) * LETTER
        style = "strong" if row == 0 else ""
        parts.append(text(x + _PAD + indent, top + _PAD + 10 + row * LINE, words.lstrip(), style))
    return parts


def _band(stage: str, top: float, height: float) -> list[str]:
    x, y = number(_BAND / 2 + 5), number(top + height / 2)
    turned = f'x="{x}" y="{y}" transform="rotate(-90 {x} {y})"'
    name = f'<text {turned} class="ls-text ls-strong ls-middle">{escape(stage)}</text>'
    return [box(1, top, _BAND, height, "band"), name]
