"""Which runs are at work now: each holds a lock that the system frees when its process dies."""

from pathlib import Path
from typing import TYPE_CHECKING

from litsearch.errors import RunError

if TYPE_CHECKING:
    from filelock import BaseFileLock


class Running:
    """The locks of a ledger's runs, as files in ``folder/running``; a file is there while its run is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "running"
        self._held: dict[str, BaseFileLock] = {}

    def hold(self, run: str) -> None:
        """Say that this process carries the run. Raises RunError where another one, or this one, does."""
        lock = self._take(run)
        if lock is None:
            raise RunError(
                f"The run {run} is at work in another process", "Wait until it has ended, or stop it there"
            )
        self._held[run] = lock

    def free(self, run: str) -> None:
        lock = self._held.pop(run, None)
        if lock is not None:
            self._path(run).unlink(missing_ok=True)
            lock.release()

    def free_all(self) -> None:
        for run in list(self._held):
            self.free(run)

    def __contains__(self, run: str) -> bool:
        """Whether some process carries the run."""
        if run in self._held:
            return True
        if not self._path(run).exists():
            return False
        lock = self._take(run)
        if lock is not None:
            lock.release()
        return lock is None

    def _take(self, run: str) -> "BaseFileLock | None":
        from filelock import FileLock, Timeout  # 0.16 s

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._path(run), thread_local=False)
            lock.acquire(timeout=0)
        except Timeout:
            return None
        except OSError as error:
            raise RunError(
                f"{self._path(run)}: can't be locked ({error.strerror or error})",
                "Check that you may write to this folder",
            ) from error
        return lock

    def _path(self, run: str) -> Path:
        return self._folder / f"{run}.lock"
