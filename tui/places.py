"""The places of the app, in their order: each is a mode with a screen of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceName:
    mode: str
    key: str
    label: str


PLACES = (
    PlaceName("search", "f2", "Search"),
    PlaceName("ask", "f3", "Ask"),
    PlaceName("runs", "f4", "Runs"),
    PlaceName("screening", "f5", "Screening"),
    PlaceName("library", "f6", "Library"),
)
