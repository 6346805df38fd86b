"""A process that stands for one of our command: its streams, its signals and its end are that one's.

It is started without site packages, in a hundredth of a second. The process that it stands for is forked from
one that has imported the package (`warm/parent.py`); once this one is gone, that one is ended too.
"""

import json
import os
import signal
import socket
import sys


def main() -> None:
    with socket.socket(socket.AF_UNIX) as parent:
        parent.connect(f"\0{sys.argv[1]}")
        here = os.getcwd()  # noqa: PTH109  pathlib takes long to import
        asked = json.dumps([sys.argv[2:], dict(os.environ), here]).encode("utf-8", "surrogateescape")
        socket.send_fds(parent, [len(asked).to_bytes(8, "big")], [0, 1, 2])
        parent.sendall(asked)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda given, _: parent.sendall(bytes([given])))
        for stream in (0, 1, 2):
            os.close(stream)
        ended = parent.recv(4)
    status = int.from_bytes(ended, "big", signed=True) if ended else 1
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)


main()
