"""Installs a wheel or a sdist into empty environments and runs `conekta-mcp demo` in each."""

import os
import re
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.parser import Parser
from functools import cached_property
from itertools import product
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
EXTRAS = ("keyring", "redis")
RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}
CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")
PRINT_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
DEMO_SECONDS = 300
IMPORTS = Path(__file__).with_name("release_imports.py")


@dataclass(frozen=True)
class Row:
    """One environment: a Python, what is installed, and with which dependencies."""

    python: str
    artifact: Path
    extras: tuple[str, ...]
    dependencies: str
    """A key of RESOLUTIONS."""


@dataclass(frozen=True)
class Outcome:
    row: Row
    seconds: float
    installed: dict[str, str]
    failure: str | None = None


@dataclass(frozen=True)
class Environment:
    """An empty virtual environment, and a home folder of its own for what runs in it."""

    folder: Path

    @cached_property
    def python(self) -> Path:
        return self._find("python")

    @cached_property
    def command(self) -> Path:
        return self._find("conekta-mcp")

    def _find(self, name: str) -> Path:
        return self.folder / "Scripts" / f"{name}.exe" if os.name == "nt" else self.folder / "bin" / name

    @cached_property
    def variables(self) -> dict[str, str]:
        """The environment of a new user: no setting, no PYTHONPATH, no constraint, and an empty home."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        dropped = ("CONEKTA", "PYTHON", "VIRTUAL_ENV", "XDG_", "PIP_CONSTRAINT", "UV_CONSTRAINT")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        places = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
        return {**kept, **dict.fromkeys(places, str(home)), "PYTHONUTF8": "1"}

    def run(self, *words: str | Path) -> str:
        """Run something there and return what it printed.

        Raises:
            RuntimeError: it failed; the text is what it printed.
        """
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            encoding="utf-8",
            timeout=DEMO_SECONDS,
            check=False,
        )
        if done.returncode:
            shown = " ".join(Path(word).name for word in words[:2])
            raise RuntimeError(f"{shown} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout


def list_supported() -> list[str]:
    """Return the versions of Python that pyproject.toml names, such as 3.11."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [found[1] for one in project["classifiers"] if (found := CLASSIFIER.fullmatch(one))]


def find_pythons(versions: Iterable[str]) -> dict[str, str]:
    """Return the interpreter of each version that this machine has, on the PATH or from pyenv."""
    found = {version: next(_iter_pythons(version), None) for version in versions}
    return {version: path for version, path in found.items() if path}


def _iter_pythons(version: str) -> Iterator[str]:
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    places = [Path(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place]
    names = (f"python{version}", f"python{version}.exe")
    candidates = [folder / name for folder, name in product([*places, *pyenv.glob("*/bin")], names)]
    # Windows has one python.exe a folder, and the launcher that knows them all.
    commands = [[str(path)] for path in candidates if path.is_file()] + [
        ["py", f"-{version}"],
        [sys.executable],
    ]
    for command in commands:
        code = f"{PRINT_VERSION}; print(sys.executable)"
        try:
            done = subprocess.run([*command, "-c", code], capture_output=True, encoding="utf-8", check=False)
        except OSError:  # no such launcher here
            continue
        said = done.stdout.splitlines()
        if done.returncode == 0 and said[0] == version:
            yield said[1]


def read_requirements(artifact: Path, extras: Iterable[str] = ()) -> list[str]:
    """Return what a wheel or a sdist says that it needs, with these extras."""
    wanted = [{"extra": extra} for extra in ("", *extras)]
    parsed = [
        Requirement(line) for line in Parser().parsestr(_read_metadata(artifact)).get_all("Requires-Dist", [])
    ]
    taken = [one for one in parsed if not one.marker or any(one.marker.evaluate(extra) for extra in wanted)]
    return [f"{one.name}{one.specifier}" for one in taken]


def _read_metadata(artifact: Path) -> str:
    if artifact.suffix == ".whl":
        with zipfile.ZipFile(artifact) as wheel:
            [name] = [one for one in wheel.namelist() if one.endswith(".dist-info/METADATA")]
            return wheel.read(name).decode()
    with tarfile.open(artifact) as sdist:
        member = sdist.extractfile(f"{artifact.name.removesuffix('.tar.gz')}/PKG-INFO")
        if member is None:
            raise LookupError(f"{artifact.name} has no PKG-INFO")
        return member.read().decode()


def find_unbounded(requirements: Iterable[str]) -> list[str]:
    """Return the requirements without a lowest version: nobody could say with which they work."""
    return [
        one
        for one in requirements
        if not any(part.operator in (">=", "==") for part in Requirement(one).specifier)
    ]


def create_environment(folder: Path, python: str) -> Environment:
    """Make an empty environment of an interpreter, in a new folder."""
    _run_uv("venv", "--quiet", "--no-project", "--python", python, str(folder))
    return Environment(folder)


def install(environment: Environment, row: Row) -> dict[str, str]:
    """Install a row's artifact; return the version of each package that is there then.

    The artifact's requirements are given too: uv takes the lowest versions of what is asked for directly.
    """
    extras = f"[{','.join(row.extras)}]" if row.extras else ""
    python = ("--python", str(environment.python))
    direct = read_requirements(row.artifact, row.extras)
    resolution = ("--resolution", RESOLUTIONS[row.dependencies])
    _run_uv("pip", "install", "--quiet", *python, *resolution, *direct, f"{row.artifact}{extras}")
    _run_uv("pip", "check", "--quiet", *python)
    frozen = _run_uv("pip", "freeze", *python).splitlines()
    return dict(line.split("==", 1) for line in frozen if "==" in line)


def list_absent(extras: Iterable[str]) -> list[str]:
    """Return the modules that our package imports and an install with these extras does not bring."""
    return ["pytest", *({"redis"} - set(extras))]  # pytest: of who uses the sandbox's plugin for it


def try_row(row: Row, python: str, folder: Path, version: str) -> Outcome:
    """Install a row into a new environment and run the demo there."""
    began, installed = time.monotonic(), {}
    try:
        environment = create_environment(folder, python)
        installed = install(environment, row)
        said = environment.run(environment.command, "--version").strip()
        if said != f"conekta-mcp {version}":
            raise RuntimeError(f"conekta-mcp --version says {said}")
        environment.run(environment.python, IMPORTS, *list_absent(row.extras))
        environment.run(environment.command, "demo")
    except (RuntimeError, subprocess.TimeoutExpired) as failure:
        return Outcome(row, time.monotonic() - began, installed, str(failure))
    return Outcome(row, time.monotonic() - began, installed)


def list_rows(pythons: Iterable[str], artifacts: Iterable[Path]) -> list[Row]:
    """Return every combination: each Python, wheel and sdist, without and with extras, lowest and newest."""
    return [Row(*one) for one in product(pythons, artifacts, ((), EXTRAS), RESOLUTIONS)]


def _run_uv(*words: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "UV_CONSTRAINT"}
    # The store of this machine is trusted, as pip does, without SSL_CERT_FILE too.
    environment.setdefault("UV_SYSTEM_CERTS", "true")
    done = subprocess.run(
        [sys.executable, "-m", "uv", *words],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"uv {' '.join(words[:2])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
