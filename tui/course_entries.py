"""How a run goes, event by event, on two sides: what is searched and judged, and what is read out of it."""

from collections.abc import Iterator
from typing import Literal

from textual.content import Content

from litsearch.agent.citations import label
from litsearch.agent.events import (
    Continued,
    Distilled,
    Drafted,
    Event,
    Failed,
    Grouped,
    Judged,
    Outlined,
    Planned,
    Searched,
    Sectioned,
    Started,
    Verified,
    Widened,
)
from litsearch.agent.plan_notes import told
from litsearch.agent.strength import described
from litsearch.cli.render_answer import failure_line
from litsearch.cli.screen import line, plural
from litsearch.cli.stages import NOTHING_MORE
from tui.entries import MUTED, STANCES, Entry, heading, note

Side = Literal["searching", "reading"]

_SEARCHING = frozenset({"plan", "search", "judge"})  # steps; what fails in them is said on that side
_RELEVANCE = ("○○○", "●○○", "●●○", "●●●")


def course_entries(event: Event) -> tuple[Side, list[Entry]]:
    """Where an event belongs and what it says; nothing for those that are told elsewhere."""
    match event:
        case Started() | Continued() | Planned() | Searched() | Judged():
            return "searching", list(_searching(event))
        case Failed():
            side: Side = "searching" if event.step in _SEARCHING else "reading"
            return side, [note(f"✗ {failure_line(event)}", "$text-error")]
        case Distilled() | Grouped() | Widened() | Drafted() | Verified() | Outlined() | Sectioned():
            return "reading", list(_reading(event))
        case _:
            return "reading", []


def _searching(event: Started | Continued | Planned | Searched | Judged) -> Iterator[Entry]:
    match event:
        case Started():
            reader = (
                f"{line(event.model)} reads" if event.model else "no model reads: the program picks quotes"
            )
            reader += f", {line(event.writer)} writes" if event.writer else ""
            library = "the starter library, " if event.starter else ""
            yield note(f"{library}{plural(event.papers, 'paper')}; {reader}", "")
        case Continued():
            yield note(
                f"follows on “{line(event.question)}”, with its {plural(len(event.findings), 'finding')}"
            )
            yield note(f"asks: {line(event.asked)}")
        case Planned():
            yield from heading(f"Round {event.round}")
            if event.notes:
                yield note(line(told(event.notes)))
            plan = "your plan" if event.planner == "user" else "plan"
            queries = plural(len(event.queries), "query", "queries")
            yield note(f"{plan}: {queries}" if event.queries else NOTHING_MORE)
        case Searched():
            words = Content.assemble((f"{event.new:>4,} new", "$text-success" if event.new else MUTED))
            words += Content.styled(f" of {event.total:,}  ", MUTED) + Content(line(event.query))
            if event.purpose:
                words += Content.styled(f"  {line(event.purpose)}", MUTED)
            yield Entry(words)
        case Judged():
            style = "$text-success" if event.is_relevant else MUTED
            words = Content.assemble((_RELEVANCE[event.relevance], style), f" {line(event.title)}")
            if event.reason:
                words += Content.styled(f"  {line(event.reason)}", MUTED)
            yield Entry(words, paper=event.id)


def _reading(
    event: Distilled | Grouped | Widened | Drafted | Verified | Outlined | Sectioned,
) -> Iterator[Entry]:
    match event:
        case Distilled():
            for finding in event.findings:
                words = Content.assemble((label(finding.stance), STANCES[finding.stance]), "  ")
                words += Content.styled(line(finding.quote.key), "$text-accent")
                if strength := described(finding.strength):
                    words += Content.styled(f" ({line(strength)})", MUTED)
                yield Entry(words + Content(f"  {line(finding.claim)}"), (finding,))
            for dropped in event.dropped:
                yield note(f"left out  {line(event.key)}  {line(dropped.reason)}")
        case Grouped():
            contested = sum(claim.contested for claim in event.claims)
            yield note(f"grouped into {plural(len(event.claims), 'claim')}, {contested:,} contested", "bold")
        case Drafted():
            yield note(f"a draft of {plural(len(event.sentences), 'sentence')}", "bold")
        case Widened():
            asked = plural(len(event.checks), "question")
            yield note(f"doubted: {asked}, {plural(len(event.added), 'paper')} added", "bold")
            yield from (note(f"  {line(check.question)}") for check in event.checks)
        case Verified():
            left_out = f", {len(event.dropped):,} left out" if event.dropped else ""
            yield note(f"checked: {plural(len(event.sentences), 'sentence')} stand{left_out}", "bold")
        case Outlined():
            titles = "; ".join(line(each.title) for each in event.sections)
            yield note(f"a review of {plural(len(event.sections), 'section')}: {titles}", "bold")
        case Sectioned():
            sentences = plural(len(event.section.sentences), "sentence")
            yield note(f"section “{line(event.section.title)}”: {sentences}", "bold")
