"""Records to one paper: the fold that decides which field of which record is shown. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from indexes.analysis import fold as fold_text
from litsearch.matching import strong_ids
from litsearch.papers import STRONG_SCHEMES, Identifier, Paper

_PUBLICATION = ("venue", "volume", "issue", "pages", "publisher")
_GAPS = ("year", "venue", "kind", "url", "volume", "issue", "pages", "publisher", "language")
_PREPRINT_VENUES = ("arxiv", "corr", "abs/", "biorxiv", "medrxiv", "ssrn")


def overlay(states: Sequence[Paper]) -> Paper:
    """States of one record, oldest first: the newest that has a field decides it.

    A source may correct itself, even to something shorter; what it no longer says is kept.
    """
    latest = states[0]
    for state in states[1:]:
        said = {
            name: value
            for name in Paper.__dataclass_fields__
            if (value := getattr(state, name)) or (name == "is_summary" and state.abstract)
        }
        if state.identifiers:
            schemes = {identifier.scheme for identifier in state.identifiers}
            kept = tuple(i for i in latest.identifiers if i.scheme not in schemes)
            said["identifiers"] = state.identifiers + kept
        if state.extra:
            said["extra"] = {**latest.extra, **state.extra}
        latest = replace(latest, **said)
    return latest


def merge(records: Sequence[Paper]) -> Paper:
    """Records of one paper from several places, oldest first: the richer field wins.

    Year, venue and pages belong together, so they come from the record that says most about the
    publication (a journal's, not the preprint's) and others fill only its gaps. A real abstract wins over
    a summary of ours. Lists are joined. Ties go to the older record.
    """
    if len(records) == 1:
        return with_all_identifiers(records[0])
    ranked = sorted(records, key=_publication, reverse=True)  # stable: ties stay oldest first
    gaps: dict[str, Any] = {
        name: next(filter(None, (getattr(paper, name) for paper in ranked)), getattr(ranked[0], name))
        for name in _GAPS
    }
    best_abstract = max(records, key=lambda p: (bool(p.abstract) and not p.is_summary, len(p.abstract)))
    merged = Paper(
        title=max((paper.title for paper in records), key=_title),
        abstract=best_abstract.abstract,
        is_summary=best_abstract.is_summary,
        authors=max(
            (paper.authors for paper in records), key=lambda a: (len(a), sum(len(x.given) for x in a))
        ),
        key=next((paper.key for paper in records if paper.key), ""),
        identifiers=tuple(dict.fromkeys(i for paper in ranked for i in paper.identifiers)),
        keywords=_union([paper.keywords for paper in ranked], fold_text),
        references=_union([paper.references for paper in ranked], str),
        extra={name: value for paper in reversed(ranked) for name, value in paper.extra.items()},
        **gaps,
    )
    return with_all_identifiers(merged)


def with_all_identifiers(paper: Paper) -> Paper:
    """The paper with the archive ids that its DOIs disguise, strong schemes first."""
    strong = strong_ids(paper.identifiers)
    if len(paper.identifiers) == len(strong) < 2:
        return paper
    order = {scheme: rank for rank, scheme in enumerate(STRONG_SCHEMES)}
    identifiers = dict.fromkeys((*paper.identifiers, *(Identifier(*parts) for parts in strong)))
    ordered = tuple(sorted(identifiers, key=lambda i: order.get(i.scheme, len(order))))
    return paper if ordered == paper.identifiers else replace(paper, identifiers=ordered)


def _publication(paper: Paper) -> tuple[int, int]:
    if fold_text(paper.venue).startswith(_PREPRINT_VENUES):
        return 0, paper.year or 0
    return sum(bool(getattr(paper, name)) for name in _PUBLICATION), paper.year or 0


def _title(title: str) -> tuple[bool, int]:
    """More letters are richer, punctuation is not, and capitals throughout are a poor man's title."""
    return not title.isupper(), sum(map(str.isalnum, title))


def _union(lists: Sequence[tuple[str, ...]], same: Callable[[str], str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for values in lists:
        for value in values:
            seen.setdefault(same(value), value)
    return tuple(seen.values())
