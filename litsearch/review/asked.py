"""What a protocol asks for, in words, and what it names that the library does not have."""

from collections.abc import Iterator

from indexes.errors import HintedError
from litsearch.config import Settings
from litsearch.library import Library
from litsearch.review.protocol import Protocol
from litsearch.review.scope import filters, narrowed
from litsearch.review.screening import plan
from litsearch.review.searching import queries, seed_ids
from litsearch.screening.screenings import find


def summary(protocol: Protocol, settings: Settings) -> Iterator[str]:
    """What will be done, a line a stage."""
    screening = plan(protocol)
    yield f"{protocol.title}: {len(protocol.questions)} questions"
    if protocol.search or screening:
        most = protocol.search.most if protocol.search else 200
        everything = bool(protocol.search and protocol.search.everything)
        yield (
            "search: everything"
            if everything
            else f"search: {len(queries(protocol))} queries, {most} papers each"
        )
    if screening:
        criteria = len(protocol.include) + len(protocol.exclude)
        yield f"screen: by {screening.by}, {criteria} criteria, {len(protocol.seeds)} seeds"
    if protocol.questions:
        over = "the included papers" if protocol.search or screening else "the library"
        yield f"answer: {len(protocol.questions)} questions over {over}"
    if protocol.extract:
        of = "included" if protocol.search or screening else "quoted"
        yield f"extract: {', '.join(field.name for field in protocol.extract)} of the {of} papers"
    models = dict.fromkeys(filter(None, (settings.reading, settings.writing)))
    yield f"model: {', '.join(models) or 'none: answers are made of quotes'}"


def missing(protocol: Protocol, library: Library) -> list[str]:
    """Seeds, tags, collections and screenings that are named and not there."""
    problems: dict[str, None] = {}
    scopes = [narrowed(protocol.filters, question.filters) for question in protocol.questions]
    try:
        seed_ids(library, protocol)
    except HintedError as error:
        problems[_said(error)] = None
    for scope in (protocol.filters, *scopes):
        try:
            filters(library, scope)
        except HintedError as error:
            problems[_said(error)] = None
    if protocol.screening and protocol.screening.name:
        try:
            find(library, protocol.screening.name)
        except HintedError as error:
            problems[_said(error)] = None
    return list(problems)


def _said(error: HintedError) -> str:
    return f"{error.message.rstrip('.')}. {error.hint}"
