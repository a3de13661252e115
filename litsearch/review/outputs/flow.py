"""The PRISMA 2020 flow of papers through a review: ``prisma.json`` and the diagram's boxes.

Page et al. 2021, doi:10.1136/bmj.n71. Titles and abstracts are what is screened here, so the diagram has no
boxes for full reports.
"""

import json
import re
from dataclasses import dataclass

from litsearch.review.outputs.markup import fit
from litsearch.review.result import Flow

_MOST = 10  # sources or reasons that a box names

Counted = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Box:
    name: str
    lines: tuple[str, ...]  # the first is its title


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the diagram: the papers that go on, and those that leave."""

    stage: str
    box: Box
    aside: Box | None = None


def steps(flow: Flow) -> tuple[Step, ...]:
    identified = _counted("Records identified", flow.identified, "from")
    removed = [f"Duplicate records removed {_n(flow.duplicates)}"]
    if flow.undecided:
        removed.append(f"Records that nobody screened {_n(flow.undecided)}")
    return (
        Step(
            "Identification",
            Box("identified", identified),
            Box("removed", ("Removed before screening:", *removed)),
        ),
        Step(
            "Screening",
            Box("screened", (_screened(flow),)),
            Box("excluded", _counted("Records excluded", flow.excluded, "for")),
        ),
        Step("Included", Box("included", (f"Studies included in the review {_n(flow.included)}",))),
    )


def _screened(flow: Flow) -> str:
    """Without a screening all papers go on."""
    if flow.included and not flow.screened:
        return "Records were not screened"
    return f"Records screened {_n(flow.screened)}"


def as_json(flow: Flow) -> str:
    """The counts by the stages of the diagram."""
    values = {
        "identification": {
            "records": sum(count for _, count in flow.identified),
            "by_source": dict(flow.identified),
            "duplicates_removed": flow.duplicates,
            "not_screened": flow.undecided,
        },
        "screening": {
            "screened": flow.screened,
            "excluded": sum(count for _, count in flow.excluded),
            "by_reason": dict(flow.excluded),
        },
        "included": flow.included,
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def mermaid(flow: Flow) -> str:
    """The diagram as Mermaid has it."""
    drawn = steps(flow)
    lines = ["flowchart TD"]
    for step in drawn:
        lines += [_mermaid_box(box) for box in (step.box, step.aside) if box]
    for step, following in zip(drawn, (*drawn[1:], None), strict=True):
        lines += [f"    {step.box.name} --> {step.aside.name}"] if step.aside else []
        lines += [f"    {step.box.name} --> {following.box.name}"] if following else []
    return "\n".join(lines) + "\n"


def _counted(title: str, counted: Counted, joint: str) -> tuple[str, ...]:
    whole = f"{title} {_n(sum(count for _, count in counted))}"
    if not counted:
        return (whole,)
    named = [f"{name} {_n(count)}" for name, count in counted[:_MOST]]
    if rest := counted[_MOST:]:
        named.append(f"{len(rest):,} more {_n(sum(count for _, count in rest))}")
    return (f"{whole} {joint}:", *named)


def _n(count: int) -> str:
    return f"(n\xa0=\xa0{count:,})"  # in one piece wherever a line ends


def _mermaid_box(box: Box) -> str:
    return f'    {box.name}["{"<br/>".join(map(_mermaid_text, box.lines))}"]'


def _mermaid_text(text: str) -> str:
    """Text inside a quoted label. What Mermaid, its Markdown or HTML would read is an entity by number."""
    words = " ".join(fit(text).split())
    return re.sub(r"[^\w .,:()=–-]|_", lambda match: f"#{ord(match[0])};", words)
