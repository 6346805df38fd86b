"""What tests install for clients of Python: by uv, from where pip of this machine would take it."""

import subprocess
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.installed_once import find_index, find_python, install_python_packages

pytestmark = pytest.mark.system

NAMED = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "PIP_CONFIG_FILE")


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMED:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """An index on this machine with one package, tiny 1.0."""
    folder = tmp_path / "simple" / "tiny"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "SIZE = 1\n")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    (folder / "index.html").write_text('<a href="tiny-1.0-py3-none-any.whl">tiny-1.0-py3-none-any.whl</a>')

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(tmp_path))

        def log_message(self, format: str, *given: Any) -> None:  # noqa: A002 - the name of the base class
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()


def test_what_pip_is_set_to_is_where_uv_installs_from(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {index}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("tiny==1.0\n")
    for _ in range(2):  # the second time over what is there
        install_python_packages(tmp_path / "environment", wanted)
    program = [str(find_python(tmp_path / "environment")), "-c", "import tiny; print(tiny.SIZE)"]
    assert subprocess.run(program, capture_output=True, encoding="utf-8", check=True).stdout == "1\n"


def test_the_environment_comes_before_the_file_of_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = http://127.0.0.1:9/file\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert find_index() == "http://127.0.0.1:9/file"
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/variable")
    assert find_index() == "http://127.0.0.1:9/variable"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/uv")
    assert find_index() is None, "uv reads its own"


def test_an_install_that_fails_says_why(index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index)
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("tiny==2.0\n")
    with pytest.raises(AssertionError, match=r"no version of tiny==2\.0"):
        install_python_packages(tmp_path / "environment", wanted)
