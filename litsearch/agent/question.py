"""What may be asked."""

from indexes.errors import QuerySyntaxError
from indexes.queryparse import parse
from litsearch.cleaning import clean_text
from litsearch.errors import RunError

LONGEST = 4_000  # characters: an abstract pasted as a question fits twice


def readable(question: str) -> str:
    """The question on one line, without control characters, lone surrogates and text marks of direction.

    Raises RunError where nothing can be read in it, or too much.
    """
    text = _line(question)
    if not any(character.isalnum() for character in text):
        raise RunError("There is no question: it has no letters or digits", "Ask in plain words")
    if len(text) > LONGEST:
        raise RunError(
            f"The question is too long: {len(text):,} characters, and {LONGEST:,} are read",
            "Put what you want to know into a few sentences",
        )
    return text


def searchable(query: str) -> str:
    """A query of the user's own on one line. Raises RunError where it can't be searched for as it stands."""
    text = _line(query)
    if not any(character.isalnum() for character in text):
        raise RunError(f"There is nothing to search for in the query “{text}”", "Give it some words")
    try:
        parse(text)
    except QuerySyntaxError as error:
        raise RunError(f"The query “{text}” can't be read: {error.message}", error.hint) from error
    return text


def _line(text: str) -> str:
    return clean_text(text.encode("utf-8", "ignore").decode("utf-8"))  # lone surrogates go
