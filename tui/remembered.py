"""What the app remembers of how it looks, in a small file beside the settings."""

import json
import logging
from pathlib import Path

from indexes.durable import replace
from litsearch.paths import default_config

_log = logging.getLogger(__name__)


def theme() -> str:
    """The name of the theme that was chosen last; empty where none was."""
    try:
        kept = json.loads(_file().read_bytes())
    except (OSError, ValueError):
        return ""
    chosen = kept.get("theme") if isinstance(kept, dict) else None
    return chosen if isinstance(chosen, str) else ""


def keep_theme(name: str) -> None:
    """For the next time; where it can't be written it is not remembered."""
    if name == theme():
        return
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        replace(_file(), json.dumps({"theme": name}).encode())
    except OSError as error:
        _log.warning("The theme can't be kept in %s: %s", _file(), error)


def _file() -> Path:
    return default_config().with_name("app.json")
