"""One Markdown template per model call, and the loader that fills it."""
