"""Adds, updates and removes our server in the files of one client, and reports each change."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from conekta_mcp.accounts.keys.logins import format_login_command
from conekta_mcp.cli.installing.backups import find_original
from conekta_mcp.cli.installing.clients import Client
from conekta_mcp.cli.installing.edits.errors import CannotEdit, CannotRead
from conekta_mcp.cli.installing.edits.formats import (
    add_input,
    get_servers,
    parse_file,
    remove_input,
    remove_server,
    set_server,
)
from conekta_mcp.cli.installing.entries import (
    ServerSpec,
    build_entry,
    build_input,
    find_conflict,
    is_ours,
    merge_entry,
)
from conekta_mcp.cli.installing.files import ClientFile, read_file, refuse_read_only, replace_file
from conekta_mcp.cli.installing.machine import Machine
from conekta_mcp.cli.installing.places import Place

Done = Literal["added", "updated", "unchanged", "removed", "absent", "refused"]
PROJECT_MODE = 0o644
"""The mode of a new file in a project, which others may read; a user's file is private."""


class CannotSetUp(Exception):
    """Why a server is not written; `reason` names a text of words.py."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


@dataclass(frozen=True, kw_only=True)
class Change:
    """What was done, or would be done, to one file."""

    client: Client
    file: Path
    done: Done
    reason: str | None = None
    """The name of the text that says why it was refused."""
    facts: dict[str, Any] | None = None
    backup: Path | None = None
    entry: dict[str, Any] | None = None
    is_new_place: bool = False
    """Whether the client has no files there yet."""
    had_key: bool = False
    """Whether the removed entry had a key in clear, which is now in the backup."""


def list_places(client: Client, machine: Machine, scope: str) -> list[Place]:
    """Return the files to write: all that the client's installations read, or its usual one if none is found.

    Raises:
        CannotSetUp: the client has no file of its own in a project.
    """
    if scope == "project":
        if client.project is None:
            raise CannotSetUp("no_project")
        file = machine.folder / client.project
        return [Place(file, file)]
    places = list(client.list_places(machine))
    used = [place for place in places if place.is_used]
    return used or [next(place for place in places if not place.is_flatpak)]


def install(
    client: Client, spec: ServerSpec, place: Place, *, now: float, dry: bool = False, is_project: bool = False
) -> Change:
    """Add or update our server in one file; a refusal is also returned as a Change."""
    try:
        return _install(client, spec, place, now=now, dry=dry, mode=PROJECT_MODE if is_project else None)
    except (CannotRead, CannotEdit, CannotSetUp) as problem:
        return _refuse(client, place, problem)


def uninstall(client: Client, spec: ServerSpec, place: Place, *, now: float, dry: bool = False) -> Change:
    """Remove our server from one file; a refusal is also returned as a Change."""
    try:
        return _uninstall(client, spec, place, now=now, dry=dry)
    except (CannotRead, CannotEdit, CannotSetUp) as problem:
        return _refuse(client, place, problem)


def format_snippet(client: Client, spec: ServerSpec) -> str:
    """Return the content of a file with nothing but our server."""
    text = set_server(client, "", spec.server, build_entry(client, spec))
    return add_input(client, text, build_input(spec)) if spec.asks_key else text


def _install(
    client: Client, spec: ServerSpec, place: Place, *, now: float, dry: bool, mode: int | None
) -> Change:
    if spec.asks_key and (not client.asks_for_secrets or place.is_flatpak):
        raise CannotSetUp("no_key", profile=spec.profile, login=format_login_command(spec.profile))
    file = read_file(place.file) if mode is None else read_file(place.file, mode)
    there = get_servers(client, parse_file(client.format, file.text)).get(spec.server)
    entry = build_entry(client, spec, is_flatpak=place.is_flatpak)
    if there is not None:
        _refuse_other_server(client, spec, there)
        entry = merge_entry(client, there, entry)
    new = file.text if entry == there else set_server(client, file.text, spec.server, entry)
    if spec.asks_key:
        new = add_input(client, new, build_input(spec))
    elif client.asks_for_secrets:
        new = remove_input(client, new, spec.input_id)
    done: Done = "added" if there is None else "updated"
    if new == file.text:
        return Change(client=client, file=place.file, done="unchanged", entry=entry)
    is_new_place = not place.is_used and mode is None
    return Change(
        client=client,
        file=place.file,
        done=done,
        backup=_replace(file, new, now, dry=dry),
        entry=entry,
        is_new_place=is_new_place,
    )


def _uninstall(client: Client, spec: ServerSpec, place: Place, *, now: float, dry: bool) -> Change:
    file = read_file(place.file)
    if file.content is None:
        return Change(client=client, file=place.file, done="absent")
    there = get_servers(client, parse_file(client.format, file.text)).get(spec.server)
    if there is None:
        return Change(client=client, file=place.file, done="absent")
    if not is_ours(client, there):
        raise CannotSetUp("not_ours", server=spec.server)
    new = find_original(client, file, spec.server, spec.input_id)
    if new is None:
        new = remove_server(client, file.text, spec.server)
        if client.asks_for_secrets:
            new = remove_input(client, new, spec.input_id)
    backup = _replace(file, new, now, dry=dry)
    had_key = "key_" in str(there.get(client.env) or "")
    return Change(client=client, file=place.file, done="removed", backup=backup, had_key=had_key)


def _replace(file: ClientFile, text: str, now: float, *, dry: bool) -> Path | None:
    refuse_read_only(file)
    return None if dry else replace_file(file, text, now)


def _refuse_other_server(client: Client, spec: ServerSpec, there: Any) -> None:
    if not is_ours(client, there):
        raise CannotSetUp("not_ours", server=spec.server)
    if conflict := find_conflict(client, there, spec):
        raise CannotSetUp("conflict", server=spec.server, name=conflict)


def _refuse(client: Client, place: Place, problem: CannotRead | CannotEdit | CannotSetUp) -> Change:
    if isinstance(problem, CannotSetUp):
        reason, facts = problem.reason, problem.facts
    else:
        reason = "cannot_read" if isinstance(problem, CannotRead) else "cannot_edit"
        facts = {"problem": str(problem)}
    return Change(client=client, file=place.file, done="refused", reason=reason, facts=facts)


def find_used_places(client: Client, machine: Machine, scope: str) -> Iterator[Place]:
    """Yield the files of a client that is installed on this machine, for --all."""
    if scope == "project":
        if client.project is not None and any(one.is_used for one in client.list_places(machine)):
            yield from list_places(client, machine, scope)
        return
    yield from (place for place in client.list_places(machine) if place.is_used)
