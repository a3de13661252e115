from pathlib import Path

import pytest

from litsearch import config
from litsearch.config import Settings, load, override
from litsearch.errors import ConfigError
from litsearch.paths import default_library


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(autouse=True)
def no_file_of_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(config, "default_config", lambda: tmp_path / "absent.toml")


def test_without_anything_the_defaults_hold() -> None:
    assert load(environ={}) == Settings(library=default_library())


def test_environment_overrides_file_and_flags_override_both(tmp_path: Path) -> None:
    file = write(tmp_path / "c.toml", 'model = "file/model"\nmax_calls = 7\nmax_cost = 1\nseed = 3\n')
    settings = load(file, {"LITSEARCH_MODEL": "env/model", "LITSEARCH_MAX_CALLS": "8"})
    settings = override(settings, max_calls=9, timeout=None)
    assert (settings.model, settings.max_calls, settings.max_cost, settings.seed) == ("env/model", 9, 1.0, 3)


def test_the_variable_names_the_file(tmp_path: Path) -> None:
    file = write(tmp_path / "c.toml", "rounds = 5\n")
    assert load(environ={"LITSEARCH_CONFIG": str(file)}).rounds == 5


def test_a_relative_library_is_relative_to_the_file_and_not_to_the_working_directory(tmp_path: Path) -> None:
    file = write(tmp_path / "c.toml", 'library = "papers"\n')
    assert load(file, {}).library == tmp_path / "papers"


def test_nothing_is_read_from_the_working_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("litsearch.toml", "config.toml", ".env", "pyproject.toml"):
        write(tmp_path / name, 'model = "evil/model"\nLITSEARCH_MODEL="evil/model"\n')
    monkeypatch.chdir(tmp_path)
    assert load(environ={}).model == ""


def test_an_unknown_key_names_the_file_and_the_nearest_right_one(tmp_path: Path) -> None:
    file = write(tmp_path / "c.toml", "max_cots = 1\n")
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert str(file) in caught.value.message
    assert "max_cost" in caught.value.hint


def test_an_unknown_key_like_no_other_lists_them_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path / "c.toml", "zzz = 1\n"), {})
    assert "concurrency" in caught.value.hint


def test_a_slip_in_a_variable_is_an_error_and_a_strange_one_is_not_ours() -> None:
    with pytest.raises(ConfigError, match="LITSEARCH_MODLE") as caught:
        load(environ={"LITSEARCH_MODLE": "x"})
    assert "LITSEARCH_MODEL" in caught.value.hint
    load(environ={"LITSEARCH_QQQ": "x"})


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('max_calls = "many"', "a whole number"),
        ("max_calls = 1.5", "a whole number"),
        ("max_calls = true", "a whole number"),
        ('timeout = "soon"', "a number"),
        ("model = 3", "a text"),
        ("library = 3", "the path of a folder"),
        ("concurrency = 0", "at least 1"),
        ("max_cost = -0.5", "at least 0"),
        ("timeout = nan", "at least 0"),
    ],
)
def test_a_wrong_value_is_explained(tmp_path: Path, line: str, wanted: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path / "c.toml", line), {})
    assert wanted in caught.value.message
    assert line.split()[0] in caught.value.message


def test_a_wrong_variable_is_explained() -> None:
    with pytest.raises(ConfigError, match=r"LITSEARCH_SEED must be a whole number, and is 'x'"):
        load(environ={"LITSEARCH_SEED": "x"})


def test_an_empty_variable_is_not_set() -> None:
    assert load(environ={"LITSEARCH_MAX_COST": ""}).max_cost is None


def test_a_named_file_must_be_there_and_be_toml(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no settings file"):
        load(tmp_path / "absent.toml", {})
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(write(tmp_path / "c.toml", "a ="), {})
    with pytest.raises(ConfigError, match="can't be read"):
        load(tmp_path, {})
