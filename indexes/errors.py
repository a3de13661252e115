"""Errors a user can act on: each says what happened and what to do about it."""


class HintedError(Exception):
    """The root of every error litsearch raises on purpose: a message, and a hint that mends it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def said(self) -> str:
        """What happened and what to do, as one text: ``No such paper. Search for it.``"""
        return f"{self.message.rstrip('.')}. {self.hint}".strip()


class QuerySyntaxError(HintedError):
    """A query that can't be read. ``position`` counts characters of ``query`` from 0."""

    def __init__(self, message: str, query: str, position: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.query = query
        self.position = position


class IndexBusyError(HintedError):
    """Another process holds the writer's lock and did not let go in time."""


class IndexMismatchError(HintedError):
    """An index on disk was built by another encoder or schema than the one asked for."""


class IndexDamagedError(HintedError):
    """Files of an index are missing or do not agree with each other."""


class EncoderError(HintedError):
    """An encoder can't be loaded, or gave what it must not give."""
