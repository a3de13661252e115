"""The keys that do something on a screen as it is now, with what they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from textual.actions import parse
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input


@dataclass(frozen=True, slots=True)
class Key:
    """``keys`` are all that do the same; ``action`` is run on ``node``, whose keys they are."""

    keys: tuple[str, ...]
    words: str
    action: str
    node: DOMNode


def keys_of(screen: Screen[Any]) -> list[Key]:
    """Those with words to them; what the app's own do is the same everywhere and left out."""
    active = screen.active_bindings.values()
    return _keys(
        screen,
        (
            (each.node, each.binding)
            for each in active
            if each.enabled and each.node is not screen.app and not _scrolls_a_field(each.node, each.binding)
        ),
    )


def outside(screen: Screen[Any]) -> list[Key]:
    """The screen's own keys that the field or list with the focus has another use for."""
    active = screen.active_bindings
    return _keys(
        screen,
        (
            (screen, binding)
            for key, binding in screen._bindings
            if (key not in active or active[key].node is not screen) and _can(screen, binding)
        ),
    )


def grouped(screen: Screen[Any]) -> tuple[list[Key], list[Key], list[Key]]:
    """Those of the screen and its panes, those of the field or list that has the focus, and those of the
    screen that work outside of it."""
    keys = keys_of(screen)
    own = [key for key in keys if key.node is not screen.focused]
    return own, [key for key in keys if key.node is screen.focused], outside(screen)


def _keys(screen: Screen[Any], bindings: Iterable[tuple[DOMNode, Binding]]) -> list[Key]:
    found: dict[tuple[DOMNode, str], list[str]] = {}
    words: dict[tuple[DOMNode, str], str] = {}
    for node, binding in bindings:
        if binding.description:
            which = node, binding.action
            shown = screen.app.get_key_display(binding)
            found.setdefault(which, [])
            if shown not in found[which]:
                found[which].append(shown)
            words[which] = words.get(which, binding.description)
    return [Key(tuple(keys), words[which], which[1], which[0]) for which, keys in found.items()]


def _scrolls_a_field(node: DOMNode, binding: Binding) -> bool:
    """Every widget has the keys to scroll, and a field of one line nothing to do with them."""
    return isinstance(node, Input) and binding.action.startswith(("scroll_", "page_"))


def _can(screen: Screen[Any], binding: Binding) -> bool:
    _, name, parameters = parse(binding.action)
    return screen.check_action(name, parameters) is not False
