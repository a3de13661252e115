"""``litsearch search`` and ``litsearch similar``."""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from indexes.types import LEGS, Hit, LegName, Query, Ranking, Span
from litsearch.cli.command import command
from litsearch.cli.failures import NOTHING
from litsearch.cli.opening import Opened, open_for_reading
from litsearch.cli.options import (
    CountOption,
    FilterOptions,
    FormatOption,
    JsonOption,
    LegsOption,
    RerankOption,
    parse_legs,
)
from litsearch.cli.screen import plural, say, write
from litsearch.config import Settings, override
from litsearch.errors import LibraryError
from litsearch.papers import StoredPaper

if TYPE_CHECKING:
    from indexes.fusion import Fusion
    from indexes.rerank import Reranker
    from litsearch.exporters import Format
    from litsearch.library import Library

log = logging.getLogger(__name__)

Feedback = Literal["none", "rocchio", "rm3"]


@dataclass(frozen=True, slots=True)
class RankingOptions:
    """How papers are ranked and which part of the ranking is wanted."""

    count: CountOption = 10
    offset: Annotated[int, typer.Option(min=0, metavar="N", help="Leave out the first N.")] = 0
    legs: LegsOption = None
    fusion: Annotated[Literal["convex", "rrf"], typer.Option(help="How the legs' rankings become one.")] = (
        "convex"
    )
    weight: Annotated[
        list[str] | None,
        typer.Option(metavar="LEG=W", help="A leg's weight, 1 where not given; may be repeated."),
    ] = None

    def method(self) -> "Fusion":
        from indexes.fusion import Fusion

        return Fusion(self.fusion, dict(_weight(text) for text in self.weight or ()))


@dataclass(frozen=True, slots=True)
class ShowOptions:
    """How hits are shown."""

    explain: Annotated[bool, typer.Option("--explain", help="Each leg's rank, score and matched terms.")] = (
        False
    )
    json: JsonOption = False
    format: FormatOption = None


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    command(app)(search)
    command(app)(similar)


def search(
    settings: Settings,
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY", help='Words, or the query language: "a phrase", +must, -not, title:word, trunc*.'
        ),
    ],
    filters: FilterOptions,
    ranking: RankingOptions,
    show: ShowOptions,
    feedback: Annotated[Feedback, typer.Option(help="Expand the query from its own best papers.")] = "none",
    rerank: RerankOption = None,
) -> None:
    """Search the library."""
    reranker = reranker_named(override(settings, rerank=rerank).rerank)
    with open_for_reading(settings) as opened:
        asked = Query(query, filters.filters(opened.library))
        found = opened.index.search(
            asked,
            k=ranking.count,
            offset=ranking.offset,
            fusion=ranking.method(),
            legs=parse_legs(ranking.legs),
            feedback=feedback,
            explain=show.explain,
            reranker=reranker,
        )
        _show(opened, found, asked, show)
        if not opened.starter:
            _log(opened, query, str(filters), found)
        if not found.hits:
            _say_nothing(opened, query, found, filtered=bool(asked.filters), offset=ranking.offset)
            raise typer.Exit(NOTHING)


def similar(
    settings: Settings,
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY", help="Key or identifier (doi:..., arxiv:...) of a paper of the library."
        ),
    ],
    filters: FilterOptions,
    ranking: RankingOptions,
    show: ShowOptions,
) -> None:
    """Find papers like one that is there."""
    with open_for_reading(settings) as opened:
        paper = paper_named(opened.library, key)
        narrowed = filters.filters(opened.library)
        found = opened.index.similar(
            paper.id,
            k=ranking.count,
            offset=ranking.offset,
            filters=narrowed,
            fusion=ranking.method(),
            legs=parse_legs(ranking.legs),
            explain=show.explain,
        )
        _show(opened, found, Query("", narrowed, (paper.id,), found.expansion), show)
        if not found.hits:
            say("No other paper is like it.")
            raise typer.Exit(NOTHING)


def paper_named(library: "Library", name: str) -> StoredPaper:
    """The paper of that key or identifier. Raises LibraryError that names the nearest keys."""
    paper = library.paper(name)
    if paper is not None:
        return paper
    from litsearch.reading import nearest_keys

    with library.snapshot() as reader:
        near = nearest_keys(reader, name)
    hint = f"Did you mean {', '.join(near)}?" if near else "Find its key with: litsearch search WORDS"
    raise LibraryError(f"There is no paper {name!r} in the library.", hint)


def reranker_named(spec: str) -> "Reranker | None":
    """The re-ranker of that spec, downloaded first where only its name is known; None where there is none."""
    if not spec:
        return None
    from indexes.rerank import load_reranker

    fetch_reranker(spec)
    return load_reranker(spec)


def fetch_reranker(spec: str) -> None:
    """Download the re-ranker of that spec, where there is one that is not on this machine."""
    if spec.startswith("st:"):
        from litsearch.cli.models import fetched

        fetched(spec, "cross-encoder")


def _weight(text: str) -> tuple[LegName, float]:
    name, _, number = text.partition("=")
    legs = [leg for leg in LEGS if leg == name.strip()]
    try:
        return legs[0], float(number)
    except (IndexError, ValueError):
        raise typer.BadParameter(
            f"{text!r}: write LEG=NUMBER, such as bm25=0.5; the legs are {', '.join(LEGS)}.",
            param_hint="--weight",
        ) from None


def _show(opened: Opened, found: Ranking, query: Query, options: ShowOptions) -> None:
    papers = {paper.id: paper for paper in opened.library.papers([hit.id for hit in found.hits])}
    hits = [(hit, papers[hit.id]) for hit in found.hits if hit.id in papers]
    _say_behind(found)
    if options.format:
        _export([paper for _, paper in hits], options.format)
    elif options.json:
        from litsearch.cli.render_hits import hit_json

        for hit, paper in hits:
            write(hit_json(hit, paper) + "\n")
    elif hits:
        _render(opened, found, hits, query, explain=options.explain)


def _render(
    opened: Opened, found: Ranking, hits: Sequence[tuple[Hit, StoredPaper]], query: Query, *, explain: bool
) -> None:
    from litsearch.cli.render_hits import show_hits

    def highlight(text: str) -> Sequence[Span]:
        return opened.index.highlight(text, query)

    show_hits(hits, highlight, explain=explain)
    if explain and found.expansion:
        terms = ", ".join(f"{each.term} {each.weight:.2f}" for each in found.expansion)
        say(f"Expanded by: {terms}")
    legs = " + ".join(each.leg for each in found.coverage if each.present)
    if found.total:
        say(f"{hits[0][0].rank}-{hits[-1][0].rank} of {plural(found.total, 'matching paper')} ({legs})")
    else:
        say(f"No paper has these words; what is shown is only near them ({legs}).")
        _suggest(opened, query.text)


def _export(papers: Sequence[StoredPaper], format: "Format") -> None:  # noqa: A002
    from litsearch.exporters import export

    for piece in export(papers, format):
        write(piece)


def _say_behind(found: Ranking) -> None:
    late = [each for each in found.coverage if each.present and each.behind]
    for each in late:
        say(f"note: {each.leg} has yet to see the last {plural(each.behind, 'change')} of the library")
    if late:
        say("hint: Catch up with: litsearch index update")


def _say_nothing(opened: Opened, query: str, found: Ranking, *, filtered: bool, offset: int) -> None:
    if found.total and offset:
        say(f"Only {plural(found.total, 'paper')} match: nothing is left after the first {offset}.")
        return
    say(f"No paper matches {query}" + (" with these filters." if filtered else "."))
    _suggest(opened, query)


def _suggest(opened: Opened, query: str) -> None:
    nearest = opened.index.suggest(query) if query else None
    if nearest:
        say(f"Did you mean: {nearest}")


def _log(opened: Opened, query: str, filters: str, found: Ranking) -> None:
    """In the library, as PRISMA-S asks; a search of a library that can't be written is not lost for it."""
    if not os.access(opened.library.folder / "library.db", os.W_OK):
        return
    try:
        opened.library.log_search(text=query, filters=filters, revision=found.revision, count=found.total)
    except LibraryError as error:
        log.warning("the search was not logged: %s", error.message)
