"""The application's errors, one small family under :class:`indexes.errors.HintedError`."""

from indexes.errors import HintedError


class LibraryError(HintedError):
    """The library can't be opened, read or written as asked."""


class ImportFileError(HintedError):
    """A file can't be read as papers at all (a single bad record is a ``Rejected``, not an error)."""


class ConfigError(HintedError):
    """A setting is unknown or has a value that makes no sense."""


class ModelError(HintedError):
    """A language model could not be reached, refused, or gave no usable reply.

    ``fatal`` where every other call would fail as well: a wrong key, an unknown model, no server.
    """

    def __init__(self, message: str, hint: str = "", *, fatal: bool = False) -> None:
        super().__init__(message, hint)
        self.fatal = fatal


class BudgetError(HintedError):
    """A run's budget (calls, cost or time) does not allow the next call."""


class RunError(HintedError):
    """A run of the ledger is not there, or can't be continued."""


class EvaluationError(HintedError):
    """A judged set can't be read."""
