"""Language models, through litellm: structured replies, cached, retried, repaired, within a budget.

The only module that imports litellm, and not before a run has a model.
"""

import asyncio
import functools
import hashlib
import json
import logging
import os
import random
import threading
import warnings
import weakref
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from litsearch import llm_errors
from litsearch.agent.budget import Budget, Usage
from litsearch.agent.ledger import Call, Ledger, Reply
from litsearch.config import Settings
from litsearch.errors import ModelError
from litsearch.pacing import Pacing
from litsearch.structured import ReplyError, form, parse
from prompts import Prompt

T = TypeVar("T", bound=BaseModel)
Messages = Sequence[Mapping[str, str]]

_log = logging.getLogger(__name__)

_REPLY_TOKENS = 4096  # replies are short; this stops a model that babbles
_THINKING_TOKENS = 16_384  # for models that think first: their thoughts count
_USUAL_REPLY = 400  # tokens, for reckoning what a call may cost before it is made
_OLLAMA_CONTEXT = 8192  # tokens; its default cuts long prompts off without a word
_CHARACTERS_A_TOKEN = 4
_FIRST_WAIT = 0.5  # seconds before the second try, doubled for each further one
_SHOWN_OF_BAD_REPLY = 2000  # characters


class Model:
    """One model for one run: the one named, else that of the reading steps. At most ``settings.concurrency``
    calls are on their way at once (or what the ``pacing`` of a batch allows), equal calls are made once, and
    a reply that was paid for is in the ledger before anyone sees it.

    Making one starts to import litellm in a thread, which takes seconds; retrieval goes on meanwhile.
    Used from one event loop.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        budget: Budget,
        *,
        run: str = "",
        name: str = "",
        pacing: Pacing | None = None,
    ) -> None:
        self.name = name or settings.reading
        self._settings = settings
        self._ledger = ledger
        self._budget = budget
        self._run = run
        self._pacing = pacing or Pacing(settings.concurrency)
        self._same: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._refused: set[str] = set()  # optional parameters that the server does not take
        self._fatal: ModelError | None = None
        _open.add(self)
        threading.Thread(target=_litellm, name="import litellm", daemon=True).start()

    async def ask(self, prompt: Prompt, reply_type: type[T], *, step: str) -> T:
        """The model's reply to a prompt; one that does not fit is shown to the model once, to be mended.

        Raises:
            ModelError: no usable reply. That step failed; others may go on unless it is ``fatal``.
            BudgetError: the budget does not allow the call.
            RunError: the ledger can't be read or written.
        """
        shape = form(reply_type)
        order = f"Reply with one JSON object and nothing else, of this form:\n{shape}"
        messages: list[Mapping[str, str]] = [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": f"{prompt.text}\n\n{order}"},
        ]
        reply = await self._reply(messages, prompt, step)
        try:
            return self._read(reply, reply_type)
        except ReplyError as error:
            _log.info("%s: asking for a repair: %s", step, error)
            shown = reply.text[:_SHOWN_OF_BAD_REPLY] or "(nothing)"
            order = (
                f"That can't be used: {error}. Reply again with one short JSON object of this form:\n{shape}"
            )
            messages += [{"role": "assistant", "content": shown}, {"role": "user", "content": order}]
        reply = await self._reply(messages, prompt, step)
        try:
            return self._read(reply, reply_type)
        except ReplyError as error:
            raise ModelError(
                f"{self.name} gave no usable reply, asked twice: {error}",
                "A larger model keeps to the form more often",
            ) from error

    async def context(self) -> int | None:
        """Tokens that the model reads at once, None where litellm does not know it."""
        if self.name.startswith("ollama"):
            return _OLLAMA_CONTEXT
        prices = await asyncio.to_thread(_prices, self.name)
        tokens = prices.get("max_input_tokens")
        return tokens if isinstance(tokens, int) and tokens > 0 else None

    async def close(self) -> None:
        """Done: the last model of the process closes the connections, which litellm keeps for all of them.
        Calls on their way must have ended or been cancelled."""
        _open.discard(self)
        if not _open and _litellm.cache_info().currsize:
            litellm = _litellm()
            await litellm.close_litellm_async_clients()
            litellm.in_memory_llm_clients_cache.flush_cache()  # else closed ones are used again

    def _read(self, reply: Reply, reply_type: type[T]) -> T:
        if reply.ending == "refusal":
            said = llm_errors.one_line(reply.text)
            raise ModelError(f"{self.name} refused: {said or 'no reason given'}", "Try another model")
        try:
            return parse(reply.text, reply_type)
        except ReplyError as error:
            if reply.ending == "length":
                raise ReplyError(f"it was cut off after {reply.usage.completion_tokens} tokens") from error
            raise

    async def _reply(self, messages: Messages, prompt: Prompt, step: str) -> Reply:
        """The reply from the ledger, or from the model and then in the ledger."""
        model, seed = self.name, self._settings.seed
        # The server's address is no part of it: a local server comes back on another port and is the same.
        request = json.dumps({"model": model, "seed": seed, "messages": messages}, sort_keys=True)
        key = hashlib.sha256(request.encode()).hexdigest()
        async with self._same.setdefault(key, asyncio.Lock()):
            kept = await asyncio.to_thread(self._ledger.cached, key, run=self._run)
            if kept is not None:
                self._budget.count_cached()
                return kept
            async with self._pacing.turn():
                reply = await self._paid(messages, random.Random(f"{seed} {key}"))
                template = f"{prompt.name} {prompt.version} {prompt.hash}"
                call = Call(key, self._run, step, model, template, request)
                # Shielded: what was paid for is kept even where the run is cancelled just now.
                await asyncio.shield(asyncio.to_thread(self._ledger.keep, call, reply))
                return reply

    async def _paid(self, messages: Messages, jitter: random.Random) -> Reply:
        """One call within the budget."""
        if self._fatal is not None:
            raise self._fatal
        await asyncio.to_thread(_litellm)
        prompt_tokens = tokens(*(message["content"] for message in messages))
        expected = cost(self.name, prompt_tokens, _USUAL_REPLY)
        self._budget.reserve(expected)
        try:
            reply = await self._persist(messages, jitter)
        except BaseException:
            self._budget.release(expected)
            raise
        self._budget.settle(expected, reply.usage)
        return reply

    async def _persist(self, messages: Messages, jitter: random.Random) -> Reply:
        """Call, and call again while the trouble may pass and there is time."""
        model = self.name
        tried = 0
        while True:
            tried += 1
            left = self._budget.remaining()
            limit = self._settings.call_timeout if left is None else min(self._settings.call_timeout, left)
            parameters = self._optional()
            try:
                return await self._call(messages, parameters, limit)
            # The boundary to a foreign library, which raises its own kinds, its providers' and plain ones.
            except Exception as error:
                refused = llm_errors.refused_parameter(error, tuple(parameters))
                if refused is not None:
                    _log.info("%s does not take %s", model, refused)
                    self._refused.add(refused)
                    tried -= 1
                    continue
                missing = _missing_keys(model)
                problem = llm_errors.explain(error, model, missing)
                _log.info("try %d of a call failed: %s", tried, problem.message)
                asked = llm_errors.asked_wait(error) or 0.0
                wait = asked or _FIRST_WAIT * 2 ** (tried - 1) * jitter.uniform(0.75, 1.25)
                self._budget.check_time()
                left = self._budget.remaining()
                final = tried >= llm_errors.tries(error, missing)
                if final or wait > self._pacing.longest_wait or (left is not None and wait >= left):
                    if problem.fatal:
                        self._fatal = problem
                    raise problem from error
                self._pacing.pause(asked)
            await asyncio.sleep(wait)

    def _optional(self) -> Mapping[str, object]:
        """The parameters that a call can do without; litellm drops those that a provider is known to lack."""
        thinks = _prices(self.name).get("supports_reasoning")
        parameters: dict[str, object] = {
            "temperature": 0,
            "seed": self._settings.seed,
            "response_format": {"type": "json_object"},
            "max_tokens": _THINKING_TOKENS if thinks else _REPLY_TOKENS,
        }
        if self.name.startswith("ollama"):
            parameters["num_ctx"] = _OLLAMA_CONTEXT
        return {name: value for name, value in parameters.items() if name not in self._refused}

    async def _call(self, messages: Messages, parameters: Mapping[str, object], seconds: float) -> Reply:
        async with asyncio.timeout(seconds):
            response = await _litellm().acompletion(
                model=self.name,
                messages=[dict(message) for message in messages],
                timeout=seconds,
                max_retries=0,
                num_retries=0,
                drop_params=True,
                **parameters,
            )
        return _as_reply(self.name, messages, response)


_open: weakref.WeakSet[Model] = weakref.WeakSet()


def _as_reply(model: str, messages: Messages, response: Any) -> Reply:
    choice = response.choices[0]
    text = choice.message.content or ""
    refusal = (choice.message.provider_specific_fields or {}).get("refusal")
    ending = "length" if choice.finish_reason == "length" else "stop"
    if refusal or choice.finish_reason == "content_filter":
        text, ending = refusal or text, "refusal"
    usage: Any = getattr(response, "usage", None)
    counted = bool(usage and usage.prompt_tokens)
    asked = usage.prompt_tokens if counted else tokens(*(message["content"] for message in messages))
    replied = usage.completion_tokens if counted else tokens(text)
    return Reply(text, ending, Usage(asked, replied, cost(model, asked, replied), estimated=not counted))


def tokens(*texts: str) -> int:
    """Tokens, roughly. litellm's own counter fetches tokenizers from the network."""
    return sum(len(text) for text in texts) // _CHARACTERS_A_TOKEN + 1


def _prices(model: str) -> Mapping[str, Any]:
    """litellm's entry for a model in its local table; empty where it has none.

    Looked up by hand: litellm's own functions ask an Ollama server over HTTP.
    """
    table: Mapping[str, Mapping[str, Any]] = _litellm().model_cost
    if model in table:
        return table[model]
    provider, _, name = model.partition("/")
    entry = table.get(name, {})
    return entry if entry.get("litellm_provider") == provider else {}


def cost(model: str, prompt_tokens: int, completion_tokens: int) -> float | None:
    """US dollars, or None where the price is not known."""
    prices = _prices(model)
    asked, replied = prices.get("input_cost_per_token"), prices.get("output_cost_per_token")
    if asked is None or replied is None:
        return None
    return float(prompt_tokens * asked + completion_tokens * replied)


def _missing_keys(model: str) -> Sequence[str]:
    """Environment variables that would hold the provider's key, where none of them is set."""
    found = _litellm().validate_environment(model=model)
    return [name for name in found["missing_keys"] if name.endswith("_KEY")]


@functools.cache
def _litellm() -> ModuleType:
    """litellm, imported once (2.5 to 4 s) and told to be quiet, offline and without a memory of its own."""
    os.environ["LITELLM_MODE"] = "PRODUCTION"  # else it reads .env of the working directory
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it fetches the price table
    import litellm

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.disable_aiohttp_transport = True  # aiohttp warns on stderr about sessions left open
    # Its types make pydantic warn, on stderr and at the first call to some providers.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"pydantic\.")
    for name in ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
    return cast(ModuleType, litellm)
