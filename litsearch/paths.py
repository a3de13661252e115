"""Where litsearch keeps things when nobody says otherwise: the platform's own folders."""

from pathlib import Path


def default_library() -> Path:
    """The folder of the user's library (on Linux ``~/.local/share/litsearch``)."""
    import platformdirs

    return platformdirs.user_data_path("litsearch", appauthor=False)


def default_config() -> Path:
    """The settings file (on Linux ``~/.config/litsearch/config.toml``); it need not exist."""
    import platformdirs

    return platformdirs.user_config_path("litsearch", appauthor=False) / "config.toml"


def default_prompts() -> Path:
    """The folder of the user's own prompt templates, beside the settings; it need not exist."""
    return default_config().parent / "prompts"


def default_cache() -> Path:
    """The folder for what can be made anew (on Linux ``~/.cache/litsearch``)."""
    import platformdirs

    return platformdirs.user_cache_path("litsearch", appauthor=False)
