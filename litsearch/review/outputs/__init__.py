"""The folder that a review leaves behind, written whole or not at all."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import token_hex

from litsearch.errors import RunError
from litsearch.exporters import bibtex, csl_json, ris
from litsearch.review.events import ReviewEvent
from litsearch.review.outputs import (
    answers,
    evidence,
    extraction,
    flow,
    flow_svg,
    ledger,
    manifest,
    protocol,
    screening,
)
from litsearch.review.outputs.document import Figure
from litsearch.review.outputs.html import html
from litsearch.review.outputs.ledger import EventsOf, no_events
from litsearch.review.outputs.markdown import markdown
from litsearch.review.outputs.report import report
from litsearch.review.result import ReviewResult


def write(
    result: ReviewResult,
    folder: Path,
    events: EventsOf = no_events,
    stages: Sequence[ReviewEvent] = (),
) -> None:
    """Write all files of a review to a folder, over those of an earlier one; other files there stay.

    For ``ledger.jsonl``, ``events`` gives the events of a run, and ``stages`` are those of the review itself,
    as its record has them. An equal result gives equal bytes, but for the manifest. Killed at any time, the
    folder is as it was or as it shall be; at worst the one before stands beside it under a name that ends in
    ``.before``.

    Raises:
        RunError: the folder has files and is none of a review, or can't be written.
    """
    contents = files(result, events, stages)
    try:
        _check(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = folder.with_name(f".{folder.name}-{token_hex(4)}")
        draft.mkdir()
        try:
            for name, content in contents.items():
                (draft / name).write_bytes(content)
            _put(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise RunError(
            f"{error.filename or folder} can't be written: {error.strerror}",
            "Choose another folder with --output",
        ) from error


def files(result: ReviewResult, events: EventsOf, stages: Sequence[ReviewEvent]) -> dict[str, bytes]:
    """The files by their names, the manifest last."""
    contents = {name: _bytes(pieces) for name, pieces in _pieces(result, events, stages)}
    return {**contents, manifest.NAME: _bytes(iter((manifest.write(result, contents),)))}


def _pieces(
    result: ReviewResult, events: EventsOf, stages: Sequence[ReviewEvent]
) -> Iterator[tuple[str, Iterator[str]]]:
    document = report(result)
    yield "report.md", markdown(document)
    yield "report.html", html(document)
    for block in document.blocks:
        if isinstance(block, Figure):
            yield block.file, iter((block.svg,))
    yield "answers.jsonl", answers.jsonl(result)
    yield "evidence.csv", evidence.csv(result)
    yield "evidence.jsonl", evidence.jsonl(result)
    yield "extraction.csv", extraction.csv(result)
    yield "screening.csv", screening.csv(result)
    yield "references.bib", bibtex.write(result.papers)
    yield "references.ris", ris.write(result.papers)
    yield "references.csl.json", csl_json.write(result.papers)
    yield "prisma.json", iter((flow.as_json(result.flow),))
    yield "prisma.mmd", iter((flow.mermaid(result.flow),))
    yield "prisma.svg", iter((flow_svg.svg(result.flow),))
    yield "protocol.toml", iter((protocol.toml(result.protocol),))
    yield "ledger.jsonl", ledger.jsonl(result, stages, events)


def _bytes(pieces: Iterator[str]) -> bytes:
    return "".join(pieces).encode("utf-8", "replace")  # a model may send half a surrogate


def _check(folder: Path) -> None:
    if (
        folder.exists()
        and not (folder / manifest.NAME).exists()
        and (not folder.is_dir() or any(folder.iterdir()))
    ):
        raise RunError(f"{folder} has files that are none of a review", "Choose another folder with --output")


def _put(draft: Path, folder: Path) -> None:
    """Puts the draft in the folder's place. What the user keeps there moves along."""
    before = folder.with_name(f"{folder.name}.before")
    if before.exists() and not folder.exists():  # killed between the two steps below
        before.replace(folder)
    if folder.exists():
        for each in folder.iterdir():
            if each.name not in _written(folder) and not (draft / each.name).exists():
                copy = shutil.copytree if each.is_dir() else shutil.copy2
                copy(each, draft / each.name)
        shutil.rmtree(before, ignore_errors=True)
        folder.replace(before)
    draft.replace(folder)
    shutil.rmtree(before, ignore_errors=True)


def _written(folder: Path) -> set[str]:
    """The names of the files that were written there before, by its manifest."""
    try:
        return {manifest.NAME, *json.loads((folder / manifest.NAME).read_bytes())["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {manifest.NAME}
