"""The entry of one server in a client's file: what install writes, and what it keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from conekta_mcp.accounts.profile import DEFAULT_PROFILE, KEY_VARIABLE, get_key_variable
from conekta_mcp.cli.installing.clients import Client
from conekta_mcp.settings import Settings
from conekta_mcp.settings.limits import Limits, format_flags, list_flags

SERVER = "conekta"
PROGRAM = "conekta-mcp"
MODULE = "conekta_mcp"
DECIDED_FLAGS = {"--sandbox": 0, "--profile": 1, "--language": 1}
"""Flags that install sets, with the number of their values; other flags are kept."""
DECIDED_VARIABLES = (KEY_VARIABLE, "CONEKTA_MCP_SANDBOX", "CONEKTA_MCP_PROFILES")
"""Variables that would override these flags."""
FILE_FLAG, ADDRESS_FLAG = "--profiles-file", "--base-url"
"""Set only if install writes them; otherwise existing ones are kept."""
USUAL_ADDRESS = Settings.base_url
SANDBOX_FLAGS = ("--state",)
HOST_COMMAND = ("flatpak-spawn", "--host")
"""How a client in a Flatpak starts a command of the machine."""


@dataclass(frozen=True, kw_only=True)
class ServerSpec:
    """How a server is to be started."""

    command: tuple[str, ...]
    """The full path of our command, and the words before `serve`."""
    sandbox: bool
    profile: str
    language: str
    profiles_file: str | None = None
    """The full path of the file that names the place of the profile's key."""
    login_address: str | None = None
    """The address at which the key was checked; the server sends it to no other."""
    limits: Limits = field(default_factory=Limits)
    """The limits to set; limits that are not given stay as they are in the file."""
    asks_key: bool = False
    """Whether the client asks for the key, because nobody has logged in."""

    @property
    def server(self) -> str:
        return SERVER if self.profile == DEFAULT_PROFILE else f"{SERVER}-{self.profile}"

    @property
    def input_id(self) -> str:
        return f"{self.server}-api-key"

    @property
    def words(self) -> list[str]:
        words = [*self.command, "serve"]
        if self.sandbox:
            words.append("--sandbox")
        if self.profile != DEFAULT_PROFILE:
            words += ["--profile", self.profile]
        if self.profiles_file:
            words += [FILE_FLAG, self.profiles_file]
        if self.login_address not in {None, USUAL_ADDRESS}:
            words += [ADDRESS_FLAG, str(self.login_address)]
        if self.language != "es":
            words += ["--language", self.language]
        return words + format_flags(self.limits)


def build_entry(client: Client, spec: ServerSpec, *, is_flatpak: bool = False) -> dict[str, Any]:
    words = [*(HOST_COMMAND if is_flatpak else ()), *spec.words]
    entry = {**client.first, client.command: words[0], "args": words[1:], **client.last}
    if "name" in client.first:
        entry["name"] = spec.server
    if spec.asks_key:
        variable = get_key_variable(spec.profile)
        entry[client.env] = {variable: f"${{input:{spec.input_id}}}"}
    return entry


def build_input(spec: ServerSpec) -> dict[str, Any]:
    """Return the input with which VS Code asks for the key and stores it encrypted."""
    told = "Llave privada de Conekta" if spec.language == "es" else "Private key of Conekta"
    named = told if spec.profile == DEFAULT_PROFILE else f"{told} ({spec.profile})"
    return {"type": "promptString", "id": spec.input_id, "description": named, "password": True}


def merge_entry(client: Client, there: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return the existing entry with the new command, and its other flags, variables and fields."""
    written = [flag for flag in (FILE_FLAG, ADDRESS_FLAG, *list_flags()) if flag in new["args"]]
    flags = list_other_flags(client, there, written)
    merged = {**there, client.command: new[client.command], "args": [*new["args"], *flags]}
    variables = {
        name: value for name, value in (there.get(client.env) or {}).items() if not _is_our_input(value)
    }
    if client.env in there or client.env in new:
        merged[client.env] = {**variables, **(new.get(client.env) or {})}
    return merged


def is_ours(client: Client, entry: Any) -> bool:
    """Tell whether an entry starts this program's server."""
    rest = _find_rest(client, entry)
    return rest is not None and (not rest or rest[0] == "serve" or rest[0].startswith("-"))


def list_other_flags(client: Client, entry: Mapping[str, Any], written: Sequence[str] = ()) -> list[str]:
    """Return the flags of our entry that install does not set."""
    decided = {**DECIDED_FLAGS, **dict.fromkeys(written, 1)}
    rest = iter(_find_rest(client, entry) or ())
    kept: list[str] = []
    for word in rest:
        name = word.partition("=")[0]
        if name in decided:
            if "=" not in word and decided[name]:
                next(rest, None)
        elif word != "serve" or kept:
            kept.append(word)
    return kept


def find_conflict(client: Client, entry: Mapping[str, Any], spec: ServerSpec) -> str | None:
    """Return a variable or flag in an entry that would override what install writes."""
    variables = entry.get(client.env) or {}
    if not isinstance(variables, dict):
        return client.env
    for name in (*DECIDED_VARIABLES, get_key_variable(spec.profile)):
        if name in variables and not _is_our_input(variables[name]):
            return name
    flags = [word.partition("=")[0] for word in list_other_flags(client, entry)]
    unfit = set() if spec.sandbox else set(SANDBOX_FLAGS)
    if spec.login_address == USUAL_ADDRESS:
        unfit.add(ADDRESS_FLAG)
    return next((flag for flag in flags if flag in unfit), None)


def _is_our_input(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(f"${{input:{SERVER}") and value.endswith("-api-key}")


def _find_rest(client: Client, entry: Any) -> list[str] | None:
    """Return the words after our program; None if an entry does not start it."""
    if not isinstance(entry, dict):
        return None
    args = entry.get("args", [])
    words = [entry.get(client.command), *(args if isinstance(args, list) else [None])]
    if not all(isinstance(word, str) for word in words):
        return None
    ours = [place for place, _ in enumerate(words) if _is_program(words, place)]
    return words[ours[0] + 1 :] if ours else None


def _is_program(words: Sequence[str], place: int) -> bool:
    word = words[place]
    if word == MODULE:
        return place > 0 and words[place - 1] == "-m"
    name = PureWindowsPath(word).name if "\\" in word else PurePosixPath(word).name
    # Among the arguments of uvx, pipx and flatpak-spawn.
    return name.removesuffix(".exe") == PROGRAM
