"""``litsearch review diff``: what changed between the folders of two reviews."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litsearch.cli.command import command
from litsearch.cli.options import JsonOption
from litsearch.cli.screen import line, plural, write
from litsearch.config import Settings

if TYPE_CHECKING:
    from litsearch.review.diff import Changed, ChangedAnswer, ChangedSentence, Difference
    from litsearch.review.outputs.reading import Said


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    command(app, "diff")(show_difference)


def show_difference(
    settings: Settings,  # noqa: ARG001 (every command has them)
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="Folder of a review.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="Folder of the one to compare it with.")],
    json: JsonOption = False,
) -> None:
    """Say what changed from one review to another.

    Papers in and out, verdicts, answers sentence by sentence, extracted values, and what each has cost.
    """
    from litsearch.review.diff import diff

    found = diff(before, after)
    if json:
        import json as jsonlib
        from dataclasses import asdict

        write(jsonlib.dumps(asdict(found), ensure_ascii=False) + "\n")
        return
    for each in lines(found):
        write(f"{each}\n")


def lines(found: "Difference") -> Iterator[str]:
    """The difference in words, section by section."""
    yield f"{found.before} -> {found.after}"
    yield from _section("Protocol", (f"  {line(each)}" for each in found.protocol))
    yield from _section("Made with", map(_change, found.made_with))
    papers = [*(("+", *each) for each in found.papers_added), *(("-", *each) for each in found.papers_gone)]
    title = f"Papers: {len(found.papers_added):,} in, {len(found.papers_gone):,} out"
    yield from _section(title, (f"  {sign} {line(key)}  {line(title)}" for sign, key, title in papers))
    yield from _section("Verdicts", map(_change, found.verdicts))
    for answer in found.answers:
        yield from _section(f"{line(answer.id)}. {line(answer.question)}", _answer(answer))
    yield from _section("Extracted values", map(_change, found.cells))
    if not found:
        yield "Nothing changed but times, ids and costs."
    if found.spent:
        yield ""
        yield f"Spent: {found.spent.before} -> {found.spent.after}"


def _section(title: str, body: Iterable[str]) -> Iterator[str]:
    said = list(body)
    if said:
        yield from ("", title, *said)


def _change(changed: "Changed") -> str:
    return f"  {line(changed.name)}: {line(changed.before) or 'none'} -> {line(changed.after) or 'none'}"


def _answer(changed: "ChangedAnswer") -> Iterator[str]:
    if changed.error_before != changed.error_after:
        yield f"  {_ending(changed.error_before)} -> {_ending(changed.error_after)}"
    for sentence in changed.sentences:
        yield from _sentence(sentence)
    for stance in changed.stances:
        yield f"  a quote of {_change(stance).strip()}"
    if changed.quotes_added or changed.quotes_gone:
        yield f"  {plural(changed.quotes_added, 'quote')} more, {changed.quotes_gone:,} fewer"


def _ending(error: str) -> str:
    return line(error) or "answered"


def _sentence(changed: "ChangedSentence") -> Iterator[str]:
    if changed.before:
        yield f"  - {_said(changed.before)}"
    if changed.after:
        yield f"  + {_said(changed.after)}"


def _said(said: "Said") -> str:
    cited = f" [{', '.join(map(line, said.keys))}]" if said.keys else ""
    return f"{line(said.text)}{cited} ({said.status})"
