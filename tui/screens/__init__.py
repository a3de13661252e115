"""The app's screens, one to a file."""
