"""Drawings as SVG that stands alone or inside a page: light, dark and in print, without scripts or fonts."""

from collections.abc import Iterable

from litsearch.review.outputs.markup import escape

LETTER = 7.2  # width of an average column of text at 13 px; a little wide, so that nothing overflows
LINE = 18  # from one line of text to the next

# Okabe and Ito's colours where colour means something, which readers who see few colours tell apart.
STYLE = """
.ls-text{fill:#1d2530;font:13px system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
.ls-dim{fill:#5a6572}.ls-strong{font-weight:600}.ls-end{text-anchor:end}.ls-middle{text-anchor:middle}
.ls-line{stroke:#7b8794;fill:none}.ls-box{fill:#fff;stroke:#7b8794}.ls-band{fill:#dfe7f1}.ls-bar{fill:#3a6ea5}
.ls-head{fill:#7b8794}
.ls-supports{fill:#0072b2}.ls-contradicts{fill:#d55e00}.ls-mixed{fill:#e69f00}.ls-background{fill:#a9b3be}
.ls-unjudged{fill:#d3d9e0}.ls-on-dark{fill:#fff}.ls-on-light{fill:#1d2530}
@media screen and (prefers-color-scheme:dark){
.ls-text{fill:#e4e9ef}.ls-dim{fill:#a3afbc}.ls-line{stroke:#8593a1}.ls-head{fill:#8593a1}
.ls-box{fill:#1b222b;stroke:#8593a1}.ls-band{fill:#2b3a4d}.ls-bar{fill:#6fa3d8}
.ls-background{fill:#6d7884}.ls-unjudged{fill:#48525d}
.ls-on-dark{fill:#fff}.ls-on-light{fill:#1d2530}.ls-on-grey{fill:#fff}}
"""


def drawing(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """The parts as a drawing; ``title`` is what is read out."""
    name = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" role="img" aria-label="{name}">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def text(x: float, y: float, words: str, style: str = "") -> str:
    """Words whose baseline is at y; ``style`` names classes without their prefix."""
    return f'<text x="{number(x)}" y="{number(y)}" class="{_classes(f"text {style}")}">{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, style: str, title: str = "") -> str:
    """A rectangle; ``title`` shows where a pointer rests on it."""
    shape = (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
        f'class="{_classes(style)}"'
    )
    return f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>"


def line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" class="ls-line"/>'


def arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A line with a head at its end, level or upright."""
    head = "l-7 -4v8z" if y1 == y2 else "l-4 -7h8z"
    return f'{line(x1, y1, x2, y2)}<path d="M{number(x2)} {number(y2)}{head}" class="ls-head"/>'


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _classes(style: str) -> str:
    return " ".join(f"ls-{name}" for name in style.split())
