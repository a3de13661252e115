import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from litsearch.errors import LibraryError
from litsearch.secret import library_secret


def test_a_library_keeps_its_secret_to_its_owner(tmp_path: Path) -> None:
    secret = library_secret(tmp_path)
    assert len(secret) == 32
    assert library_secret(tmp_path) == secret
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_libraries_have_different_secrets(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert library_secret(tmp_path / "one") != library_secret(tmp_path / "two")


def test_all_who_ask_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(library_secret, [tmp_path] * 40))) == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", ["", "abcd", "not hexadecimal", "\xe9"])
def test_a_damaged_secret_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content, encoding="utf-8")
    with pytest.raises(LibraryError, match="damaged"):
        library_secret(tmp_path)


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="can't be read or written"):
        library_secret(tmp_path / "nowhere")
