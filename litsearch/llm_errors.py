"""What goes wrong between us and a model, and what the user can do about it.

Works on the exceptions that litellm raises, by what their chain of causes says (status, headers, kind), for
the same trouble comes in other types from other providers; it does not import litellm.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from litsearch.errors import ModelError

_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_NO_SERVER = frozenset({"ConnectError", "ConnectTimeout", "ClientConnectorError", "ConnectionRefusedError"})
_UNPAID = re.compile(r"insufficient_quota|exceeded your current quota|billing|credit balance", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:litellm\.)?(?:\w*(?:Error|Exception)|Timeout)(?:: | - )")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST = 300  # characters of a server's own message that are shown


def tries(error: BaseException, missing_keys: Sequence[str]) -> int:
    """How often a call that fails like this is made in all: 1 where another try would fail as well."""
    kinds = {type(cause).__name__ for cause in _chain(error)}
    if _is_timeout(kinds):
        return 2  # each may cost minutes
    if kinds & _NO_SERVER:
        return 3
    keyless = bool(missing_keys) and "HTTPStatusError" not in kinds
    if keyless or "ContextWindowExceededError" in kinds or _UNPAID.search(str(error)):
        return 1
    status = _status(error)
    return 5 if status is None or status in _PASSING else 1


def refused_parameter(error: BaseException, names: Sequence[str]) -> str | None:
    """Which of the optional parameters the server says it does not take."""
    if _status(error) not in (400, 422):
        return None
    said = str(error)
    return next((name for name in names if name in said), None)


def asked_wait(error: BaseException) -> float | None:
    """Seconds that the server asks us to wait (Retry-After, as seconds or as a date)."""
    for cause in _chain(error):
        headers = getattr(getattr(cause, "response", None), "headers", None) or {}
        value = headers.get("retry-after")
        if value:
            return _seconds(value)
    return None


def explain(error: BaseException, model: str, missing_keys: Sequence[str]) -> ModelError:
    """The error to show. It is fatal where every other call would fail in the same way."""
    provider, _, name = model.rpartition("/")
    local = provider.startswith("ollama")
    kinds = {type(cause).__name__ for cause in _chain(error)}
    said = _said(error)
    if "ContextWindowExceededError" in kinds:
        return ModelError(f"The prompt is too long for {model}", "Use a model with a larger context")
    if _is_timeout(kinds):
        hint = (
            "Give it longer (call_timeout = 600 in the settings, or LITSEARCH_CALL_TIMEOUT=600); "
            "a slow server is better asked one thing at a time (concurrency = 1, or LITSEARCH_CONCURRENCY=1)"
        )
        return ModelError(f"{model} did not answer in time", hint)
    if kinds & _NO_SERVER:
        hint = (
            "Start it: ollama serve" if local else "Check the network; for a server of your own, its address"
        )
        return ModelError(f"No server answers for {model}", hint, fatal=True)
    if missing_keys and not local and "HTTPStatusError" not in kinds:
        hint = f"Set {' or '.join(missing_keys)} (a server of your own takes any value)"
        return ModelError(f"There is no key for {model}", hint, fatal=True)
    match _status(error):
        case 401:
            return ModelError(f"{model}: the key was not accepted: {said}", _key_hint(provider), fatal=True)
        case 403:
            return ModelError(
                f"{model}: not allowed: {said}", "The key may lack the right to use this model", fatal=True
            )
        case 404:
            hint = (
                f"Get it: ollama pull {name}" if local else "Check the model's name and the server's address"
            )
            return ModelError(f"{model} was not found: {said}", hint, fatal=True)
        case 429 if _UNPAID.search(said):
            return ModelError(f"{model}: the account is used up: {said}", "Check its billing", fatal=True)
        case 429:
            return ModelError(f"{model} is asked too often: {said}", "Lower concurrency, or try again later")
        case 400 if "LLM Provider NOT provided" in said:
            hint = f"Name its provider too, as in openai/{name}, ollama/{name} or anthropic/{name}"
            return ModelError(f"It is not known who provides the model {model!r}", hint, fatal=True)
        case 400 | 422:
            return ModelError(f"{model} did not take the request: {said}", "Try another model")
    return ModelError(f"{model} failed: {said}", "Try again later, or check the server and its address")


def one_line(text: str) -> str:
    """A foreign text fit to be shown in a message: no control characters, and not long."""
    text = _CONTROLS.sub(" ", text).strip()
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " ..."


def _chain(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is_timeout(kinds: Collection[str]) -> bool:
    # litellm calls the status 504 a Timeout too, but there a gateway did answer.
    return "TimeoutError" in kinds or ("Timeout" in kinds and "HTTPStatusError" not in kinds)


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _said(error: BaseException) -> str:
    """The server's own words, without litellm's prefixes, on one line."""
    text = str(error).partition("\nTraceback")[0]
    while (shorter := _PREFIX.sub("", text)) != text:
        text = shorter
    return one_line(text)


def _seconds(value: str) -> float | None:
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _key_hint(provider: str) -> str:
    return f"Check {provider.upper()}_API_KEY" if provider else "Check the provider's key in the environment"
