"""A real Redis for tests: found or installed, on its own loopback port."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.debian_packages import find_or_install

START_SECONDS = 60


@dataclass
class RedisServer:
    """One redis-server; it can be killed and started again on the same port and folder."""

    command: str
    folder: Path
    appendonly: bool = False
    options: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The address for --store."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers; on a port that is free now, if it has none yet."""
        kept = self.port
        for _ in range(10):
            self.port = kept or _free_port()
            self.process = subprocess.Popen(
                self._words(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if self._answers():
                return
            self.stop()
        raise RuntimeError("redis-server does not start; see its log in " + str(self.folder))

    def stop(self, *, brutally: bool = False) -> None:
        """End it, and only it; `brutally` with SIGKILL."""
        if self.process is None:
            return
        if brutally:
            self.process.kill()
        else:
            self.process.terminate()
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def ask(self, *words: str) -> bytes:
        """Send one command and give the answer's first piece, as it came."""
        parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(f"*{len(words)}\r\n{''.join(parts)}".encode())
            return connection.recv(65536)

    def empty(self) -> None:
        """Remove all that it holds."""
        assert self.ask("FLUSHALL") == b"+OK\r\n"

    def _words(self) -> list[str]:
        persistence = ["--appendonly", "yes" if self.appendonly else "no", "--save", ""]
        place = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        return [self.command, *place, *persistence, "--logfile", str(self.folder / "log"), *self.options]

    def _answers(self) -> bool:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process is not None and self.process.poll() is None:
            try:
                is_ours = f"process_id:{self.process.pid}\r".encode() in self.ask("INFO", "server")
                if is_ours and b"loading:0\r" in self.ask("INFO", "persistence"):
                    return True
            except OSError:
                pass
            time.sleep(0.02)
        return False


@contextmanager
def running_redis(*options: str, appendonly: bool = False) -> Iterator[RedisServer]:
    """Run a Redis of one's own in a temporary folder.

    Raises:
        LookupError: there is none, and it cannot be installed; the text says why.
    """
    command = found_or_installed()
    with tempfile.TemporaryDirectory(prefix="conekta-mcp-redis-") as folder:
        server = RedisServer(command, Path(folder), appendonly, options)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def found_or_installed() -> str:
    """Return the path of redis-server; tests start their own, on other ports than its service has.

    Raises:
        LookupError: there is none, and it cannot be installed; the text says why.
    """
    return find_or_install("redis-server")


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
