"""The bundle for desktop clients: made, unpacked and started as the client does it, with uv and a bare PATH.

What a client makes of the manifest and of the fields that a person filled in comes from @anthropic-ai/mcpb,
whose code Claude Desktop uses. (This folder is no package: its name would hide that of the library.)
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import uv
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from conekta_mcp import __version__
from conekta_mcp.settings.limits import list_limits
from conekta_mcp.settings.reading import list_settings
from tests.installed_once import install_npm_project

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import bundle_make as making  # noqa: E402  scripts are no package
import bundle_manifest  # noqa: E402
import icon  # noqa: E402

pytestmark = pytest.mark.system

READY_CONFIG = """
import { getMcpConfigForManifest } from "@anthropic-ai/mcpb";
import { readFileSync } from "fs";
const [extensionPath, userConfig] = process.argv.slice(1);
const manifest = JSON.parse(readFileSync(extensionPath + "/manifest.json", "utf-8"));
const systemDirs = { HOME: "/home/ana" };
const given = { manifest, extensionPath, systemDirs, userConfig: JSON.parse(userConfig), pathSeparator: "/" };
console.log(JSON.stringify(await getMcpConfigForManifest(given)));
"""
WHERE_PACKAGES_ARE = re.compile(r"UV_.*|SSL_CERT_.*|(?:https?|no|all)_proxy", re.IGNORECASE)
"""Variables that a machine needs to reach PyPI; a desktop has none of them."""
ORDER = {
    "customer_id": "cus_1",
    "line_items": [{"name": "Plan", "unit_price": 50_000, "quantity": 1}],
    "payment_method": "cash",
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.make_bundle(tmp_path_factory.mktemp("made") / "conekta-mcp.mcpb")


@pytest.fixture(scope="module")
def extension(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as the client unpacks it, into a folder with a space in its path."""
    folder = tmp_path_factory.mktemp("Claude Extensions") / "conekta mcp"
    making.run_mcpb("unpack", bundle, folder)
    return folder


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a program that was started from a desktop, with the client's own uv."""
    home = tmp_path_factory.mktemp("home")
    programs = home / "programs"
    programs.mkdir()
    (programs / "uv").symlink_to(uv.find_uv_bin())
    reaching = {name: text for name, text in os.environ.items() if WHERE_PACKAGES_ARE.fullmatch(name)}
    path = os.pathsep.join([str(programs), "/usr/bin", "/bin"])
    return {**reaching, "HOME": str(home), "PATH": path, "UV_PYTHON": sys.executable}


def configure(extension: Path, **filled: object) -> dict[str, Any]:
    """What the client runs for the fields that a person filled in."""
    place = install_npm_project("mcpb", [making.SOURCES / "package.json"])
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", READY_CONFIG, str(extension), json.dumps(filled)],
        cwd=place,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    configured: dict[str, Any] = json.loads(done.stdout)
    return configured


async def ask(
    extension: Path, desktop: dict[str, str], tool: str, arguments: dict[str, Any], **filled: object
) -> CallToolResult:
    """Start the bundle as the client does, and call one tool."""
    configured = configure(extension, **filled)
    parameters = StdioServerParameters(
        command=configured["command"], args=configured["args"], env={**desktop, **configured["env"]}
    )
    async with Client(parameters) as client:
        assert client.server_info.version == __version__
        return await client.call_tool(tool, arguments)


@pytest.mark.anyio
async def test_a_person_who_switches_the_sandbox_on_gets_an_answer(
    extension: Path, desktop: dict[str, str]
) -> None:
    customer = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
    answer = await ask(extension, desktop, "create_customer", customer, sandbox=True)
    assert not answer.is_error, answer
    assert answer.structured_content is not None
    assert answer.structured_content["name"] == "Ana Ruiz"
    assert answer.structured_content["livemode"] is False


@pytest.mark.anyio
async def test_with_nothing_filled_in_it_starts_and_says_that_the_key_is_missing(
    extension: Path, desktop: dict[str, str]
) -> None:
    left = configure(extension)["env"]
    assert left["CONEKTA_API_KEY"] == "${user_config.api_key}"
    answer = await ask(extension, desktop, "list_customers", {})
    assert answer.is_error
    assert "conekta_mcp.errors.not_configured" in str(answer.content)
    assert "Falta la llave de Conekta" in str(answer.content)


@pytest.mark.anyio
async def test_what_is_filled_in_holds(extension: Path, desktop: dict[str, str]) -> None:
    filled = {"sandbox": True, "language": "en", "max_amount": 100.5}
    answer = await ask(extension, desktop, "create_order", ORDER, **filled)
    assert answer.is_error
    assert "conekta_mcp.errors.limit_exceeded" in str(answer.content)
    assert "100.50" in str(answer.content)


def test_the_same_checkout_gives_the_same_bytes(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Mexico_City")
    before = os.umask(0o077)
    try:
        again = making.make_bundle(tmp_path / "again.mcpb")
    finally:
        os.umask(before)
    assert again.read_bytes() == bundle.read_bytes()


def test_it_holds_the_wheel_and_nothing_that_a_machine_left(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as opened:
        modes = {one.filename: one.external_attr >> 16 for one in opened.infolist()}
    wheel = f"server/conekta_mcp-{__version__}-py3-none-any.whl"
    texts = ["mcpb-resources/en.json", "mcpb-resources/es.json", "pyproject.toml", "server/main.py"]
    assert modes == dict.fromkeys(["LICENSE", "icon.png", "manifest.json", *texts, wheel], 0o644)


def test_every_limit_in_pesos_is_a_field_and_every_field_is_passed_on(extension: Path) -> None:
    manifest = json.loads((extension / "manifest.json").read_text("utf-8"))
    pesos = [name for name, limit in list_limits().items() if limit.unit == "pesos"]
    assert list(manifest["user_config"]) == ["api_key", "sandbox", "language", "confirm", *pesos]
    variables = {one.name: one.metadata["env"] for one in list_settings()}
    passed = manifest["server"]["mcp_config"]["env"]
    filled = {variables[name]: f"${{user_config.{name}}}" for name in manifest["user_config"]}
    assert passed == {**bundle_manifest.TRUST, **filled}
    assert [name for name, field in manifest["user_config"].items() if field.get("sensitive")] == ["api_key"]


def test_a_field_without_a_title_and_a_title_without_a_field_are_found() -> None:
    words, fields = bundle_manifest.read_words(), bundle_manifest.build_manifest()["user_config"]
    told_by_their_limit = {name for name, limit in list_limits().items() if limit.period == "day"}
    assert set(words["titles"]) == set(fields) - told_by_their_limit
    long = {name: field["title"] for name, field in fields.items() if len(field["title"]) > 110}
    assert not long, f"conekta_mcp/settings/limits.py: shorter texts, or bundle/texts.toml: titles of {long}"
    assert words["es"].keys() == words["en"].keys()


@pytest.mark.anyio
async def test_it_names_the_tools_that_are_listed_in_both_languages(
    extension: Path, desktop: dict[str, str]
) -> None:
    configured = configure(extension)
    parameters = StdioServerParameters(
        command=configured["command"], args=configured["args"], env={**desktop, **configured["env"]}
    )
    async with Client(parameters) as client:
        listed = [tool.name for tool in (await client.list_tools()).tools]
    manifest, spanish, english = (
        json.loads((extension / name).read_text("utf-8"))
        for name in ("manifest.json", "mcpb-resources/es.json", "mcpb-resources/en.json")
    )
    for texts in (manifest, spanish, english):
        assert [tool["name"] for tool in texts["tools"]] == listed
    assert english["tools"][0] == {"name": "list_customers", "description": "Find customers"}
    assert manifest["tools"][0] == {"name": "list_customers", "description": "Buscar clientes"}


def test_its_libraries_are_of_the_versions_that_we_test_with(extension: Path) -> None:
    text = (extension / "pyproject.toml").read_text("utf-8")
    pins = re.findall(r'^  "(\S+==\S+)",$', text, re.MULTILINE)
    assert {"mcp", "httpx", "pydantic_core", "keyring"} <= {pin.partition("==")[0] for pin in pins}
    assert set(pins) <= set((ROOT / "constraints.txt").read_text("utf-8").splitlines())
    assert "://" not in text


def test_a_manifest_that_mcpb_refuses_is_not_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {**bundle_manifest.build_manifest(), "user_config": {"key": {"type": "secret"}}}
    monkeypatch.setattr(making, "build_manifest", lambda: wrong)
    with pytest.raises(RuntimeError, match=r"(?s)Manifest validation failed.*user_config\.key\.type"):
        making.make_bundle(tmp_path / "wrong.mcpb")
    assert list(tmp_path.iterdir()) == []


def test_the_icon_was_drawn_of_its_svg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert icon.find_problems() == []
    other = tmp_path / "icon.svg"
    other.write_text("<svg/>", encoding="utf-8")
    monkeypatch.setattr(icon, "SVG", other)
    assert icon.find_problems() == [
        "bundle/icon.png: it was drawn of another bundle/icon.svg; run make icon",
    ]
