"""Dockerfile and compose.yaml, built and run without a registry: tests/containers.py.

They need root of a Debian machine. (This folder is no package: its name would hide that of the library.)
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock
from mcp import Client, StdioServerParameters

from conekta_mcp import __version__
from conekta_mcp.settings.table import Settings
from tests.containers import BASE, REDIS_USER, Containers, collect_wheels, prepare_containers

ROOT = Path(__file__).parents[2]
IMAGE = "localhost/conekta-mcp:local"
HARDENED = ("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges")
START_SECONDS = 120
NO_SHARE = "its root cannot be written to, and it has no rights"

# A first run makes a base by debootstrap and builds on it: some minutes, before the first test.
pytestmark = [pytest.mark.system, pytest.mark.timeout(1500)]

CALL = """
import anyio, httpx2, json, sys
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

async def main():
    async with httpx2.AsyncClient(headers={"Authorization": "Bearer key_sandbox"}, timeout=60) as http:
        async with Client(streamable_http_client("http://127.0.0.1:8000/mcp", http_client=http)) as client:
            tool, arguments = json.loads(sys.argv[1])
            answer = await client.call_tool(tool, arguments)
            print(json.dumps([answer.is_error, answer.structured_content]))

anyio.run(main)
"""
FIND = """
ls /opt/conekta-mcp/lib/python3*/site-packages | grep -E '^(conekta_mcp|tests|pip|hatchling)$'
ls -d /source || true
"""
"""Neither the tests nor what only the build needs is in the image."""
CUSTOMER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
STATE = """
import json, os
status = dict(line.split(":", 1) for line in open("/proc/1/status"))
def can_write(folder):
    try:
        open(folder + "/probe", "w").close()
    except OSError:
        return False
    return True
print(json.dumps({
    "ids": [os.getuid(), os.getgid()],
    "capabilities": [status[name].strip() for name in ("CapEff", "CapPrm", "CapBnd")],
    "new privileges": status["NoNewPrivs"].strip() == "0",
    "writes to": [folder for folder in ("/", "/etc", "/opt/conekta-mcp", "/state") if can_write(folder)],
}))
"""
CONFINED = {
    "ids": [10001, 10001],
    "capabilities": ["0" * 16] * 3,
    "new privileges": False,
    "writes to": ["/state"],
}


@pytest.fixture(scope="module")
def containers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Containers]:
    """The programs, and our image, which is built once for all workers."""
    if sys.platform != "linux" or os.getuid() != 0 or not Path("/etc/debian_version").exists():
        pytest.skip("only root of a Debian machine builds images without a registry")
    prepared = prepare_containers()
    with FileLock(prepared.place / "build.lock"):
        build_image(prepared, tmp_path_factory.mktemp("wheels"))
    yield prepared
    prepared.release()


def build_image(containers: Containers, wheels: Path) -> None:
    """Build it from wheels at hand: in the build, pip asks nobody."""
    python = containers.run(
        "podman", "run", "--rm", "--network", "none", BASE, "python3", "--version"
    ).split()[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["redis"]]
    collect_wheels([*wanted, *project["build-system"]["requires"]], python, wheels)
    pip = wheels / "pip.conf"
    pip.write_text("[global]\nno-index = true\nfind-links = /wheels\n", encoding="utf-8")
    volumes = ("--volume", f"{wheels}:/wheels:ro", "--volume", f"{pip}:/etc/pip.conf:ro")
    containers.build(ROOT, IMAGE, *volumes)


def wait_until_healthy(containers: Containers, name: str) -> None:
    until = time.monotonic() + START_SECONDS
    while containers.finish("podman", "healthcheck", "run", name).returncode:
        assert time.monotonic() < until, containers.finish("podman", "logs", name)
        time.sleep(0.2)


def call(containers: Containers, container: str, tool: str, arguments: dict[str, Any]) -> Any:
    """Call a tool over HTTP, from a client in the container."""
    words = ("python", "-c", CALL, json.dumps([tool, arguments]))
    return json.loads(containers.run("podman", "exec", container, *words))


@pytest.fixture
def server(containers: Containers) -> Iterator[str]:
    """A running container with the image's own command, on the sandbox, without a network."""
    name = f"conekta-mcp-test-{os.getpid()}"
    sandbox = ("--network", "none", "--env", "CONEKTA_MCP_SANDBOX=1")
    containers.run("podman", "run", "--detach", "--name", name, *HARDENED, *sandbox, IMAGE)
    yield name
    containers.run("podman", "rm", "--force", "--volumes", name)


def test_it_answers_over_http_without_any_rights(containers: Containers, server: str) -> None:
    wait_until_healthy(containers, server)
    is_error, made = call(containers, server, "create_customer", CUSTOMER)
    assert (is_error, made["name"], made["livemode"]) == (False, "Ana Ruiz", False)
    state = json.loads(containers.run("podman", "exec", server, "python", "-c", STATE))
    assert state == CONFINED


def test_sigterm_ends_it_at_once(containers: Containers, server: str) -> None:
    """PID 1 gets no signal that it does not handle: `podman stop` would kill it after the time given."""
    wait_until_healthy(containers, server)
    containers.run("podman", "stop", "--time", "60", server)
    [found] = json.loads(containers.run("podman", "inspect", server))
    assert found["State"]["Status"] == "exited"
    assert found["State"]["ExitCode"] == 128 + 15


def test_where_nothing_answers_the_health_check_fails(containers: Containers) -> None:
    name = f"conekta-mcp-test-stdio-{os.getpid()}"
    idle = ("--interactive", "--network", "none", "--env", "CONEKTA_MCP_SANDBOX=1")
    with subprocess.Popen(
        ["podman", "run", "--rm", "--name", name, *HARDENED, *idle, IMAGE, "serve"],
        env=containers.environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as running:
        until = time.monotonic() + START_SECONDS
        while containers.finish("podman", "exec", name, "true").returncode:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert containers.finish("podman", "healthcheck", "run", name).returncode == 1
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(START_SECONDS) == 0


@pytest.mark.anyio
async def test_it_answers_over_stdio_as_the_registry_describes_it(containers: Containers) -> None:
    name = f"conekta-mcp-test-registry-{os.getpid()}"
    words = ["run", "--interactive", "--name", name, "--network", "none", *HARDENED]
    parameters = StdioServerParameters(
        command="podman",
        args=[*words, "--env", "CONEKTA_MCP_SANDBOX=1", IMAGE, "serve"],
        env=containers.environment,
    )
    try:
        async with Client(parameters) as client:
            assert client.server_info.version == __version__
            answer = await client.call_tool("create_customer", CUSTOMER)
    finally:  # a client that ends podman leaves the container to nobody
        containers.finish("podman", "rm", "--force", "--volumes", name)
    assert not answer.is_error


def test_what_the_image_says_of_itself(containers: Containers) -> None:
    [found] = json.loads(containers.run("podman", "image", "inspect", IMAGE))
    registry = json.loads((ROOT / "server.json").read_text("utf-8"))
    settings = found["Config"]
    assert settings["User"] == "10001:10001"
    assert settings["Labels"]["io.modelcontextprotocol.server.name"] == registry["name"]
    assert list(settings["Volumes"]) == ["/state"]
    assert list(settings["ExposedPorts"]) == ["8000/tcp"]
    assert not [line for line in settings["Env"] if line.startswith("CONEKTA_")]
    listed = containers.run(
        "podman", "run", "--rm", "--network", "none", "--entrypoint", "sh", IMAGE, "-c", FIND
    )
    assert listed.splitlines() == ["conekta_mcp"]


@pytest.fixture
def compose() -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


@pytest.mark.parametrize("name", ["server", "redis"])
def test_a_service_of_compose_has_no_rights_and_bounds(name: str, compose: dict[str, Any]) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True, NO_SHARE
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert {"pids_limit", "mem_limit"} <= service.keys()


def test_compose_names_settings_that_exist_and_no_secret(compose: dict[str, Any]) -> None:
    variables = {one.metadata["env"]: one.metadata["secret"] for one in fields(Settings)}
    for name, value in compose["services"]["server"]["environment"].items():
        if name.endswith("_FILE"):
            assert variables[name.removesuffix("_FILE")] is True
            assert value.removeprefix("/run/secrets/") in compose["services"]["server"]["secrets"]
        else:
            assert variables[name] is False
            assert re.fullmatch(r"\$\{\w+:-\}", value)


def test_only_loopback_reaches_the_server_and_nothing_reaches_redis(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["server"]["ports"] == ["127.0.0.1:${CONEKTA_PORT:-8000}:8000"]
    assert "ports" not in services["redis"]
    assert services["redis"]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}
    assert services["redis"]["user"] == str(REDIS_USER)


def copy_for_compose(folder: Path) -> Path:
    """A folder with compose.yaml and the secrets that its script makes."""
    (folder / "scripts").mkdir(parents=True)
    for name in ("compose.yaml", "scripts/compose_secrets.sh"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run(["sh", "scripts/compose_secrets.sh"], cwd=folder, check=True, capture_output=True)
    return folder


def test_the_secrets_are_made_once_and_only_their_owner_enters_the_folder(
    tmp_path: Path, compose: dict[str, Any]
) -> None:
    secrets = copy_for_compose(tmp_path / "copy") / "secrets"
    assert {one["file"] for one in compose["secrets"].values()} == {
        f"./secrets/{path.name}" for path in secrets.iterdir()
    }
    assert secrets.stat().st_mode & 0o777 == 0o700
    # Read by the users of the containers; replaced by their owner, as docs/image.md tells.
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o644}
    before = {path.name: path.read_text("utf-8") for path in secrets.iterdir()}
    password = before["redis.conf"].removeprefix("requirepass ").strip()
    assert re.fullmatch("[0-9a-f]{64}", password)
    assert re.fullmatch("[0-9a-f]{64}", before["approval_secrets"])
    assert before["store"].strip() == f"redis://:{password}@redis:6379/0"
    again = subprocess.run(
        ["sh", "scripts/compose_secrets.sh"], cwd=secrets.parent, check=False, capture_output=True
    )
    assert again.returncode == 1
    assert {path.name: path.read_text("utf-8") for path in secrets.iterdir()} == before


def find_free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def stack(containers: Containers, tmp_path: Path) -> Iterator[str]:
    """The services of compose.yaml, and what their names begin with."""
    project = f"conekta-test-{os.getpid()}"
    copy_for_compose(tmp_path / "copy")
    port = find_free_port()
    given = {"CONEKTA_REDIS_IMAGE": BASE, "CONEKTA_MCP_SANDBOX": "1", "CONEKTA_PORT": str(port)}
    environment = {**containers.environment, **given}

    def run_compose(*words: str) -> None:
        command = [sys.executable, "-m", "podman_compose", "--project-name", project, *words]
        done = subprocess.run(
            command,
            cwd=tmp_path / "copy",
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        run_compose("up", "--detach", "--no-build")
        yield project
    finally:
        run_compose("down", "--volumes")


def test_compose_runs_the_server_with_its_redis(containers: Containers, stack: str) -> None:
    for name in ("redis", "server"):
        wait_until_healthy(containers, f"{stack}_{name}_1")
    is_error, made = call(containers, f"{stack}_server_1", "create_customer", CUSTOMER)
    assert (is_error, made["name"]) == (False, "Ana Ruiz")
    ask = "REDISCLI_AUTH=$(cut -d ' ' -f 2 /run/secrets/redis.conf) redis-cli --raw keys '*'"
    stored = containers.run("podman", "exec", f"{stack}_redis_1", "sh", "-c", ask)
    assert "{conekta-mcp}:value:replica-secrets" in stored.splitlines()
    assert containers.run("podman", "exec", f"{stack}_redis_1", "redis-cli", "ping").startswith("NOAUTH")
    state = json.loads(containers.run("podman", "exec", f"{stack}_server_1", "python", "-c", STATE))
    assert state == CONFINED
