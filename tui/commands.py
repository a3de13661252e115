"""All that can be done, for the command palette: the places, what the keys here do, and light or dark."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.keys import keys_of
from tui.places import PLACES


@dataclass(frozen=True, slots=True)
class _Command:
    words: str
    help: str
    run: Callable[[], Awaitable[object]]


class Commands(Provider):
    """The keys are those that the screen has at this moment."""

    async def startup(self) -> None:
        self._commands = list(self._all())

    def _all(self) -> Iterator[_Command]:
        for key in keys_of(self.screen):
            run = partial(self.app.run_action, key.action, key.node)
            yield _Command(key.words, f"Key: {'  '.join(key.keys)}", run)
        for place in PLACES:
            run = partial(self.app.run_action, f"app.switch_mode({place.mode!r})")
            yield _Command(f"Go to {place.label}", f"Key: {place.key.upper()}", run)
        yield _Command("Help", "Key: F1", partial(self.app.run_action, "app.help"))
        run = partial(self.app.run_action, "app.light_or_dark")
        yield _Command("Light or dark", "The other of the two; it is remembered", run)

    async def discover(self) -> Hits:
        for command in self._commands:
            yield DiscoveryHit(command.words, command.run, help=command.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._commands:
            if (score := matcher.match(command.words)) > 0:
                yield Hit(score, matcher.highlight(command.words), command.run, help=command.help)
