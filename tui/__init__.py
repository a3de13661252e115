"""The Textual app. A thin layer that renders the library, the index and the event stream."""
