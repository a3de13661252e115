"""Events of a review as JSON, for whoever reads the stream from outside."""

from dataclasses import asdict

from litsearch.review.events import ReviewEvent


def to_json(event: ReviewEvent) -> dict[str, object]:
    """The event as values that JSON can hold, flat, with its type's name: ``{"type": "Screened", ...}``."""
    return {"type": type(event).__name__, **asdict(event)}
