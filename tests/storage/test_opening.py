"""Where the store is, and that nothing is imported or opened before it is needed."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import conekta_mcp
from conekta_mcp.server.rendering.argument_messages import SPANISH_BY_CODE
from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.serialization import MESSAGES
from tests.storage.fixtures import MovableClock
from tests.storage.test_stores import CLAIM

pytestmark = pytest.mark.anyio


def files_in(folder: Path) -> list[str]:
    """The names of all files in a folder and below."""
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


async def files_after(
    where: str | None, folder: Path, clock: MovableClock, *, state: str | None = None, sandbox: bool = False
) -> list[str]:
    """What is in `folder` once something was noted and the store is closed; before, there is nothing."""
    store = open_store(where, sandbox_state=state, sandbox=sandbox, clock=clock)
    assert files_in(folder) == []
    assert await store.claim(CLAIM) is None
    assert await store.claim(CLAIM) == CLAIM
    await store.close()
    return files_in(folder)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the user's state folder and the one to work in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_a_path_is_a_file(folder: Path, clock: MovableClock) -> None:
    assert await files_after(str(folder / "mine"), folder, clock) == ["mine"]


async def test_memory_is_no_file(folder: Path, clock: MovableClock) -> None:
    assert await files_after("memory", folder, clock) == []


async def test_without_a_word_it_is_in_the_users_state_folder(folder: Path, clock: MovableClock) -> None:
    assert await files_after(None, folder, clock) == ["state/conekta-mcp/safety.sqlite3"]


async def test_a_sandbox_in_memory_has_its_store_there_too(folder: Path, clock: MovableClock) -> None:
    assert await files_after(None, folder, clock, sandbox=True) == []


async def test_a_sandbox_with_a_state_has_its_store_beside_it(folder: Path, clock: MovableClock) -> None:
    state = str(folder / "demo.sqlite3")
    assert await files_after(None, folder, clock, state=state, sandbox=True) == ["demo.sqlite3.safety"]


async def test_a_store_that_is_named_is_the_sandboxs_too(folder: Path, clock: MovableClock) -> None:
    state, named = str(folder / "demo.sqlite3"), str(folder / "mine")
    assert await files_after(named, folder, clock, state=state, sandbox=True) == ["mine"]


async def test_a_state_without_the_sandbox_has_no_say(folder: Path, clock: MovableClock) -> None:
    found = await files_after(None, folder, clock, state=str(folder / "demo.sqlite3"))
    assert found == ["state/conekta-mcp/safety.sqlite3"]


async def test_an_address_is_a_redis(redis_url: str, folder: Path, clock: MovableClock) -> None:
    assert await files_after(redis_url, folder, clock) == []
    again = open_store(redis_url, sandbox_state=None, sandbox=True, clock=clock)
    assert await again.find(CLAIM.place) == CLAIM
    await again.close()


LAZY = """
import sys, json
before = set(sys.modules)  # coverage needs some of them too
from conekta_mcp.storage.opening import open_store
for where in ("memory", "redis://127.0.0.1:1/0", "rediss://127.0.0.1:1/0", "mine", None):
    open_store(where, sandbox_state=None, sandbox=False, clock=float)
print(json.dumps(sorted({"sqlite3", "redis", "platformdirs", "asyncio"} & (sys.modules.keys() - before))))
"""


@pytest.mark.system
def test_nothing_is_imported_before_it_is_needed(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(conekta_mcp.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", LAZY], env=environment, capture_output=True, check=True)
    assert json.loads(done.stdout) == []
    assert list(folder.iterdir()) == []


@pytest.mark.system
def test_no_test_touches_the_users_own_state_folder() -> None:
    default = json.loads(
        subprocess.run(
            [
                sys.executable,
                "-c",
                "import json, platformdirs as p; print(json.dumps(p.user_state_dir('x')))",
            ],
            capture_output=True,
            check=True,
        ).stdout
    )
    assert Path(default).is_relative_to(tempfile.gettempdir())
    assert not Path(default).exists()


def test_every_message_has_its_spanish() -> None:
    assert set(MESSAGES) == {name for name in SPANISH_BY_CODE if name.startswith("store_")}
