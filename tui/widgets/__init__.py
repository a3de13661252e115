"""The app's own widgets, one to a file."""
