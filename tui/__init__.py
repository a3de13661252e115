"""The Textual app. A thin layer that renders the library, the index and the event stream."""

import os

# Textual paints at most so often a second, and a key waits for half of that. Read when Textual is imported.
os.environ.setdefault("TEXTUAL_FPS", "120")
