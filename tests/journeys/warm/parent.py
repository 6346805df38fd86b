"""Imports what our command needs, and forks a process for each `warm/stub.py` that asks for one.

Nothing but the imports is shared: each process has the environment, the folder, the streams and the arguments
that it was asked for, and runs `conekta_mcp.__main__.main` from its first line. It ends when its own standard
input does.
"""

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from typing import NoReturn

IMPORTED = (
    "conekta_mcp.cli.commands.serve",
    "conekta_mcp.cli.commands.call",
    "conekta_mcp.domains.all_tools",
    "conekta_mcp.sandbox.running",
    "conekta_mcp.server.http.listening",
    "conekta_mcp.storage.redis",
    "conekta_mcp.storage.sqlite",
)


def main() -> None:
    for name in IMPORTED:
        importlib.import_module(name)
    assert threading.active_count() == 1, "what is forked has the thread that forks only"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"\0{sys.argv[1]}")
        listener.listen(128)
        os.write(1, b"ready\n")
        while True:
            readable, _, _ = select.select([listener, 0], [], [])
            if 0 in readable:
                os._exit(0)
            stub, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                keep(stub)
            stub.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def keep(stub: socket.socket) -> NoReturn:
    """Start the process that a stub asks for; pass signals on to it, and its end back."""
    size, streams, _, _ = socket.recv_fds(stub, 8, 3)
    asked = b""
    while len(asked) < int.from_bytes(size, "big"):
        more = stub.recv(1 << 16)
        if not more:
            os._exit(1)
        asked += more
    process = os.fork()
    if process == 0:
        stub.close()
        become(streams, *json.loads(asked.decode("utf-8", "surrogateescape")))
    for stream in streams:
        os.close(stream)
    ending = os.pidfd_open(process)
    while True:
        readable, _, _ = select.select([ending, stub], [], [])
        if ending in readable:
            break
        given = stub.recv(1)
        os.kill(process, given[0] if given else signal.SIGKILL)
        if not given:
            break
    _, status = os.waitpid(process, 0)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stub.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))
    os._exit(0)


def become(streams: list[int], words: list[str], environment: dict[str, str], folder: str) -> NoReturn:
    """Be the process of these words."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        if stream > 2:
            os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115  until its end
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["conekta-mcp", *words]
    from conekta_mcp.__main__ import main as run

    run()  # raises SystemExit, which ends this process as it does any other
    raise AssertionError("a command that ended did not exit")


if __name__ == "__main__":
    main()
