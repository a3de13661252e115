"""The application: the library of papers, the research loop, the command line."""
