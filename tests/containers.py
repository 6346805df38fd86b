"""Builds and runs containers without a registry: buildah and podman of Debian, on a base made by debootstrap.

Images and base are kept in the folder of installed_once.py, apart from what this machine has of its own.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.debian_packages import find_or_install
from tests.installed_once import CACHE, install_once, run_to_install

PROGRAMS = ("debootstrap", "buildah", "podman", "runc", "netavark", "aardvark-dns", "iptables")
PACKAGES = ("python3", "python3-venv", "ca-certificates", "redis-server")
REDIS_USER = 999
BASE = "localhost/conekta-mcp-test-base"
COMMAND_SECONDS = 570

# runc and limits of our own: crun wants another layout of cgroups, and raising limits a right that some
# machines do not give to root.
SETTINGS = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "{place}/networks"
"""
STORAGE = """
[storage]
driver = "overlay"
graphroot = "{place}/images"
runroot = "{place}/run"
"""

MAKE_BASE = """
rm -rf root && mkdir root
mount -t tmpfs -o size=2g tmpfs root || true
debootstrap --variant=minbase --include="$2" "$1" root
mkdir root/data && chown "$3:$3" root/data
tar -C root --exclude='./dev/*' --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' -cf base.tar .
find root -mindepth 1 -delete
"""


@dataclass(frozen=True)
class Containers:
    """The programs, with images in a folder of their own."""

    place: Path

    @property
    def environment(self) -> dict[str, str]:
        files = {"CONTAINERS_CONF": "containers.conf", "CONTAINERS_STORAGE_CONF": "storage.conf"}
        return {**os.environ, **{name: str(self.place / file) for name, file in files.items()}}

    def run(self, *words: str, may_fail: bool = False, stdin: str = "") -> str:
        """Run a command, which has to succeed, and return what it printed."""
        done = self.finish(*words, stdin=stdin)
        assert may_fail or done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def finish(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            env=self.environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def build(self, context: Path, image: str, *more: str) -> None:
        """Build a Dockerfile on our base."""
        base = ("--build-arg", f"BASE={BASE}")
        # Docker's format keeps the health check. A chroot needs fewer rights than a runtime does.
        form = ("--format", "docker", "--isolation", "chroot", "--layers")
        self.run("buildah", "build", "--quiet", *form, *base, *more, "--tag", image, str(context))

    def release(self) -> None:
        """Undo the mount that podman leaves, unless another process needs it: the folder can be removed."""
        self.finish("umount", str(self.place / "images" / "overlay"))


def prepare_containers() -> Containers:
    """Return the programs and our base image.

    Raises:
        LookupError: they are not here, and cannot be installed; the text says why.
    """
    for program in PROGRAMS:
        find_or_install(program)
    place = CACHE / ".conekta-mcp-containers"
    place.mkdir(parents=True, exist_ok=True)
    for name, text in {"containers.conf": SETTINGS, "storage.conf": STORAGE}.items():
        (place / name).write_text(text.format(place=place), encoding="utf-8")
    containers = Containers(place)
    base = install_once("image-base", f"{find_suite()} {PACKAGES}", _make_base)
    if containers.finish("podman", "image", "exists", BASE).returncode:
        containers.run("podman", "import", "--change", "ENV PATH=/usr/bin:/bin", str(base / "base.tar"), BASE)
    return containers


def find_suite() -> str:
    """Return this machine's release of Debian, such as bookworm."""
    lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith("VERSION_CODENAME="))


def _make_base(place: Path) -> None:
    """Make it in memory, where a mount of our own is allowed: dpkg waits for the disk after each file."""
    words = [find_suite(), ",".join(PACKAGES), str(REDIS_USER)]
    run_to_install(place, "unshare", "--mount", "sh", "-euc", MAKE_BASE, "sh", *words)
    (place / "root").rmdir()


def collect_wheels(requirements: list[str], python: str, place: Path) -> None:
    """Fill a folder with the wheels that these need on a version of Python, such as 3.11.2."""
    (place / "wanted.txt").write_text("\n".join(requirements), encoding="utf-8")
    constraints = str(Path(__file__).parents[1] / "constraints.txt")
    words = ("--quiet", "--no-header", "--python-version", python, "--constraint", constraints)
    uv = (sys.executable, "-m", "uv", "pip", "compile", "--system-certs")
    run_to_install(place, *uv, *words, "wanted.txt", "--output-file", "exact.txt")
    minor = ".".join(python.split(".")[:2])
    words = ("--quiet", "--no-deps", "--only-binary", ":all:", "--python-version", minor, "--dest", ".")
    run_to_install(place, sys.executable, "-m", "pip", "download", *words, "--requirement", "exact.txt")
