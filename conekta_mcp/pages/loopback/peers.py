"""Which user of this computer holds the far end of a connection to the loopback page."""

import os
from pathlib import Path

import anyio.to_thread
from starlette.requests import Request

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""Linux lists its connections here, each with its user; a socket of IPv6 can reach 127.0.0.1 too."""
LOCAL, REMOTE, USER = 1, 2, 7
"""Columns of a table; an address is `<hex>:<port in hex>`."""
ROOT = 0
"""May read this process anyway. Connections that WSL passes on from Windows are root's as well."""


async def is_own_user(request: Request, server_port: int) -> bool:
    """Tell whether a request comes from our own user, as far as the system tells.

    Other users can see the secret of an address in the list of processes, as an argument of the browser.
    A connection that is not listed is closed at its far end, so that its answer reaches nobody; systems other
    than Linux list none.
    """
    if request.client is None:
        return True
    users = await anyio.to_thread.run_sync(list_peer_users, request.client.port, server_port)
    return not users or users <= {os.geteuid(), ROOT}


def list_peer_users(client_port: int, server_port: int) -> set[int]:
    """Return the ids of the users who hold a connection from one port of this computer to another."""
    # By ports alone: whoever has the same ports at another loopback address is counted with them.
    ends = f"{client_port:04X}", f"{server_port:04X}"
    return {
        int(row[USER])
        for table in TABLES
        for row in _read_rows(table)
        if (row[LOCAL].rpartition(":")[2], row[REMOTE].rpartition(":")[2]) == ends
    }


def _read_rows(table: Path) -> list[list[str]]:
    try:
        lines = table.read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    return [line.split() for line in lines[1:]]
