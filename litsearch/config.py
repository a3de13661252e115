"""One frozen ``Settings``: a TOML file, then the environment, then flags."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that shapes a command. ``model`` is what litellm takes; empty means no model reads."""

    library: Path
    model: str = ""
    max_cost: float | None = None  # US dollars
    max_calls: int = 200
    max_papers: int = 40  # judged in one run
    timeout: float | None = None  # seconds for a whole run
    call_timeout: float = 120.0  # seconds for one model call
    concurrency: int = 4  # model calls at once
    rounds: int = 2
    seed: int = 0
