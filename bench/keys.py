"""From a key to the papers on the screen, as one types in the app.

python -m bench.keys LIBRARY [--pace 120] [--size 140x40] [--out bench/out/keys.md]

The app runs headless over a library of any size, driven key by key at the pace of a quick typist (in
milliseconds from key to key). A key counts as painted when the screen was written after the list had made the
lines of its papers: by the first leg, and then by all legs.
"""

import argparse
import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# isort: off
import tui  # noqa: F401 (before Textual, whose pace it sets)

# isort: on
from textual import events
from textual.strip import Strip

from bench.measure import percentile
from bench.tables import table, write
from litsearch.config import Settings
from tui.app import LitsearchApp
from tui.screens.search import SearchScreen
from tui.widgets.hit_list import HitList

QUERIES = (
    "query expansion",
    "neural machine translation of rare words",
    '"word sense" disambiguation',
    "does attention explain predictions",
    "author:smith parsing",
    "low resource languages year:2015..",
)
WARM_UP = "opening the legs"
WAIT = 5.0  # seconds for a paint that does not come


@dataclass
class Watch:
    """When what was typed was on the screen."""

    text: str = ""
    pressed: float = 0.0
    first: float | None = None  # ms from the key
    all_legs: float | None = None
    lines_made: bool = False
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def press(self, text: str) -> None:
        self.text, self.first, self.all_legs, self.lines_made = text, None, None, False
        self.complete.clear()
        self.pressed = time.perf_counter()


def watched(app: LitsearchApp) -> Watch:
    """Has the app tell when it paints what the list made of its lines."""
    watch = Watch()
    display, render = app._display, HitList.render_line

    def made(self: HitList, y: int) -> Strip:
        watch.lines_made = True
        return render(self, y)

    def shown(*arguments: object, **named: object) -> None:
        display(*arguments, **named)  # type: ignore[arg-type]
        screen = app.screen
        if not isinstance(screen, SearchScreen) or not watch.lines_made:
            return
        watch.lines_made = False
        if screen.found.asked.text == watch.text:
            spent = (time.perf_counter() - watch.pressed) * 1000
            watch.first = spent if watch.first is None else watch.first
            if screen.found.all_legs:
                watch.all_legs = spent
                watch.complete.set()

    HitList.render_line = made  # type: ignore[method-assign]
    app._display = shown  # type: ignore[method-assign]
    return watch


async def type_out(app: LitsearchApp, watch: Watch, query: str, pace: float) -> tuple[list[float], float]:
    """Milliseconds from each key to its papers, and from the last one to those of all legs.

    For a key after which the query can't be read, such as a quotation mark, there are none.
    """
    typed = app.screen.query_one("#query")
    times: list[float] = []
    for number, character in enumerate(query, 1):
        watch.press(query[:number])
        typed.post_message(events.Key(character, character))
        with suppress(TimeoutError):
            await asyncio.wait_for(watch.complete.wait(), WAIT if number == len(query) else pace)
        await asyncio.sleep(max(0.0, watch.pressed + pace - time.perf_counter()))
        if watch.first is not None:
            times.append(watch.first)
    assert watch.all_legs is not None, f"{query!r} was never answered"
    return times, watch.all_legs


async def measure(library: Path, pace: float, size: tuple[int, int]) -> tuple[int, list[float], list[float]]:
    """Papers in the library, and milliseconds to the first papers and to those of all legs."""
    app = LitsearchApp(Settings(library=library))
    watch = watched(app)
    first: list[float] = []
    complete: list[float] = []
    async with app.run_test(size=size) as pilot:
        await pilot.pause(1.0)
        for number, query in enumerate((WARM_UP, *QUERIES)):
            times, whole = await type_out(app, watch, query, pace)
            if number:
                first += times
                complete.append(whole)
            await pilot.press("ctrl+u")
            await pilot.pause(0.5)
        papers = app.desk.library.count()
    app.desk.close()
    return papers, first, complete


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("library", type=Path)
    parser.add_argument("--pace", type=float, default=120.0)
    parser.add_argument("--size", default="140x40")
    parser.add_argument("--out", type=Path, default=Path("bench/out/keys.md"))
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    papers, first, complete = asyncio.run(measure(options.library, options.pace / 1000, (width, height)))
    rows = [
        [name, str(len(times)), f"{percentile(times, 0.5):.0f}", f"{percentile(times, 0.95):.0f}"]
        for name, times in (("the first papers", first), ("those of all legs, last key", complete))
    ]
    body = table(["from a key to", "keys", "p50 ms", "p95 ms"], rows)
    write(options.out, "Search as you type", [(f"{papers:,} papers, {options.size}", body)])
    print(body)


if __name__ == "__main__":
    main()
