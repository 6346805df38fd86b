"""A command on a pseudo-terminal, and the person at it."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from tests.journeys.processes import COMMAND, child_environment

PATIENCE_SECONDS = 180


@dataclass
class AtTerminal:
    """What the person sees and types."""

    process: subprocess.Popen[bytes]
    person: int
    """The person's end of the pseudo-terminal."""
    seen: bytes = b""
    mark: int = field(default=0)
    """Up to where `read_until` has read."""

    def read_until(self, text: str) -> str:
        """Wait until `text` has been shown after what was read before; return what was shown until then."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        wanted = text.encode()
        while wanted not in self.seen[self.mark :]:
            assert time.monotonic() < deadline, self.screen
            assert self._read(), f"ended before {text!r}: {self.screen}"
        start = self.mark
        self.mark = self.seen.index(wanted, start) + len(wanted)
        return self.seen[start : self.mark].decode()

    def type(self, text: str) -> None:
        os.write(self.person, text.encode())

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE_SECONDS)

    @property
    def screen(self) -> str:
        return self.seen.decode(errors="replace").replace("\r\n", "\n")

    def _read(self) -> bool:
        if not select.select([self.person], [], [], PATIENCE_SECONDS)[0]:
            return False
        try:
            more = os.read(self.person, 4096)
        except OSError:  # Linux: nobody has the other end open any more
            return False
        self.seen += more
        return bool(more)


def at_terminal(*words: str, **environment: str) -> AbstractContextManager[AtTerminal]:
    """Our command with a terminal for input and output."""
    return run_at_terminal([*COMMAND, *words], **environment)


@contextmanager
def run_at_terminal(command: Sequence[str], **environment: str) -> Iterator[AtTerminal]:
    """Run a command with a terminal for input and output; its process is ended by its own handle."""
    person, terminal = pty.openpty()
    process = subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=child_environment(**environment),
        start_new_session=True,
        # Its own terminal, so that Ctrl+C there is an interrupt.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(terminal)
    try:
        yield AtTerminal(process, person)
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        os.close(person)
