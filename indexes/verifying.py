"""Whether a leg on disk is what it claims to be."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from indexes.damage import broken_files, reading
from indexes.errors import HintedError
from indexes.manifest import Generation
from indexes.types import Change, Filters, Leg, Query, Source

SAMPLES = 5  # places in the change log
SAMPLE = 20  # changes looked at in each


def problems(leg: Leg, generation: Generation, source: Source, folder: Path) -> list[str]:
    """What is wrong with a leg, each with the command that mends it; empty when it is sound."""
    rebuild = f"Run `litsearch index rebuild --leg {leg.name}`."
    try:
        with reading(leg.name):
            return [f"{leg.name}: {what} {rebuild}" for what in _problems(leg, generation, source, folder)]
    except HintedError as error:
        return [f"{leg.name}: {error.message} {error.hint or rebuild}"]


def _problems(leg: Leg, generation: Generation, source: Source, folder: Path) -> Iterator[str]:
    own = folder / generation.folder
    if leg.name != "dense" and own.is_dir() and (broken := broken_files(own)):
        yield f"files are damaged: {', '.join(broken)}."
        return  # reading them may do anything
    leg.search(Query("", like=()), 1)  # raises where coverage only notes
    reached = leg.coverage()
    if not reached.present:
        if generation.complete:
            yield f"it was built, but its files are gone ({reached.note})."
        return
    latest = source.revision()
    if reached.revision > latest:
        yield f"it is at revision {reached.revision}, but the library is at {latest}."
        return
    if reached.revision == latest and reached.documents != source.count():
        yield f"it has {reached.documents:,} papers, but the library has {source.count():,}."
    sample = _sample(source, reached.revision)
    held = leg.covers([change.id for change in sample])
    missing = [change for change in sample if change.document is not None and change.id not in held]
    left = [change for change in sample if change.document is None and change.id in held]
    if missing:
        yield f"{len(missing)} of {len(sample)} papers looked for are not in it."
    if left:
        yield f"{len(left)} of {len(sample)} papers looked for are in it, but no more in the library."
    if not missing and leg.name != "dense" and not _finds_any(leg, sample):
        yield "it finds none of the papers looked for by their own words."


def _sample(source: Source, reached: int) -> list[Change]:
    """Changes from all along the log, up to where the leg stands."""
    starts = sorted({reached * place // SAMPLES for place in range(SAMPLES)})
    found = {change.id: change for start in starts for change in source.changes(start, SAMPLE)}
    return [change for change in found.values() if change.revision <= reached]


def _finds_any(leg: Leg, sample: Sequence[Change]) -> bool:
    """Whether words of a paper find it. One of a few is enough: a paper may have only common words."""
    documents = [
        change.document for change in sample if change.document is not None and change.document.abstract
    ]
    return not documents or any(
        leg.search(Query(_words(document.text), Filters(ids=frozenset((document.id,)))), 1)
        for document in documents[:SAMPLE]
    )


def _words(text: str) -> str:
    return " ".join(word for word in text.split() if word.isalpha() and not word.isupper())[:500]
