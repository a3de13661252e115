"""What a protocol names that the library does not have."""

from indexes.errors import HintedError
from litsearch.library import Library
from litsearch.review.protocol import Protocol
from litsearch.review.scope import filters, narrowed
from litsearch.review.searching import seed_ids
from litsearch.screening.screenings import find


def missing(protocol: Protocol, library: Library) -> list[str]:
    """Seeds, tags, collections and screenings that are named and not there."""
    problems: dict[str, None] = {}
    scopes = [narrowed(protocol.filters, question.filters) for question in protocol.questions]
    try:
        seed_ids(library, protocol)
    except HintedError as error:
        problems[error.said] = None
    for scope in (protocol.filters, *scopes):
        try:
            filters(library, scope)
        except HintedError as error:
            problems[error.said] = None
    if protocol.screening and protocol.screening.name:
        try:
            find(library, protocol.screening.name)
        except HintedError as error:
            problems[error.said] = None
    return list(problems)
