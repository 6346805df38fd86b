"""Builds sdist and wheel from a checkout, twice under different circumstances, and compares the bytes."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
CIRCUMSTANCES: tuple[Mapping[str, str], ...] = (
    {"TZ": "America/Mexico_City", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
)
UMASKS = (0o022, 0o077)


def read_epoch(repository: Path = ROOT) -> str:
    """Return when the last commit was made, in unix seconds: the time of every file in what is built."""
    return _run_git(repository, "log", "-1", "--format=%ct")


def find_uncommitted(repository: Path = ROOT) -> list[str]:
    """Return the files that a clone would not have as they are here."""
    return _run_git(repository, "status", "--porcelain").splitlines()


def clone(folder: Path, repository: Path = ROOT) -> Path:
    """Clone the last commit into a new folder, with nothing of this checkout."""
    _run_git(repository, "clone", "--quiet", "--no-local", str(repository), str(folder))
    _run_git(folder, "checkout", "--quiet", _run_git(repository, "rev-parse", "HEAD"))
    return folder


def copy_tree(folder: Path, repository: Path = ROOT) -> Path:
    """Copy what a commit of everything here would hold into a new folder."""
    listed = _run_git(repository, "ls-files", "--cached", "--others", "--exclude-standard")
    for name in listed.splitlines():
        if (repository / name).is_file():  # neither removed just now nor a link to a folder
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(repository / name, folder / name)
    return folder


def build(
    checkout: Path, out: Path, *words: str, circumstance: int = 0, epoch: str | None = None
) -> list[Path]:
    """Build sdist and wheel, the wheel from the sdist; other words are those of python -m build.

    Raises:
        RuntimeError: the build failed; the text is what it printed.
    """
    constraints = str(ROOT / "constraints.txt")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(out), *words, str(checkout)],
        env={
            **os.environ,
            **CIRCUMSTANCES[circumstance],
            "SOURCE_DATE_EPOCH": epoch or read_epoch(checkout),
            # The tools that build are those of constraints.txt: others may write other bytes.
            "PIP_CONSTRAINT": constraints,
            "UV_CONSTRAINT": constraints,
        },
        umask=UMASKS[circumstance] if os.name == "posix" else -1,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the build failed:\n{done.stdout}{done.stderr}")
    return sorted(out.iterdir())


def find_differences(one: list[Path], other: list[Path]) -> Iterator[str]:
    """Yield the files that two builds did not make of the same bytes."""
    digests, others = ({path.name: digest(path) for path in built} for built in (one, other))
    for name in sorted({*digests, *others}):
        if digests.get(name) != others.get(name):
            yield f"{name}: two builds of one commit differ: {digests.get(name)} and {others.get(name)}"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _run_git(folder: Path, *words: str) -> str:
    command = ["git", *words]  # the user's git
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=True)
    return done.stdout.strip()
