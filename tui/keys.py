"""The keys that do something on a screen as it is now, with what they do."""

from dataclasses import dataclass
from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen


@dataclass(frozen=True, slots=True)
class Key:
    """``keys`` are all that do the same; ``action`` is run on ``node``, whose keys they are."""

    keys: tuple[str, ...]
    words: str
    action: str
    node: DOMNode


def keys_of(screen: Screen[Any]) -> list[Key]:
    """Those with words to them; what the app's own do is the same everywhere and left out."""
    found: dict[tuple[DOMNode, str], list[str]] = {}
    words: dict[tuple[DOMNode, str], str] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.description and active.enabled and active.node is not screen.app:
            which = active.node, binding.action
            shown = screen.app.get_key_display(binding)
            found.setdefault(which, [])
            if shown not in found[which]:
                found[which].append(shown)
            words[which] = words.get(which, binding.description)
    return [Key(tuple(keys), words[which], which[1], which[0]) for which, keys in found.items()]


def grouped(screen: Screen[Any]) -> tuple[list[Key], list[Key]]:
    """Those of the screen and its panes, and those of the field or list that has the focus."""
    keys = keys_of(screen)
    own = [key for key in keys if key.node is not screen.focused]
    return own, [key for key in keys if key.node is screen.focused]
