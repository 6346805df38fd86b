"""How the tests come by a Redis on a machine that has none."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.debian_packages import find_or_install
from tests.storage.redis_server import found_or_installed

APT_GET = """#!/bin/sh
echo "$3 $DEBIAN_FRONTEND" >> {folder}/asked
[ "$3" = update ] || {install}
"""
INSTALL = "{{ printf '#!/bin/sh\\n' > {folder}/redis-server && chmod 755 {folder}/redis-server; }}"
REFUSE = "{{ echo 'E: no such package' >&2; exit 100; }}"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of the path, for root."""
    folder, shell = tmp_path / "bin", shutil.which("sh")
    folder.mkdir()
    for name in ("chmod", "sh"):
        (folder / name).symlink_to(Path(shell or "").with_name(name))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: 0)
    return folder


def with_apt_get(folder: Path, install: str) -> None:
    """Put an apt-get there."""
    script = folder / "apt-get"
    script.write_text(APT_GET.format(folder=folder, install=install.format(folder=folder)))
    script.chmod(0o755)


@pytest.mark.system
def test_where_there_is_none_apt_get_installs_it_once_for_all_workers(bare: Path) -> None:
    with_apt_get(bare, INSTALL)
    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda _: found_or_installed(), range(4)))
    assert found == [str(bare / "redis-server")] * 4
    assert (bare / "asked").read_text() == "update noninteractive\ninstall noninteractive\n"


@pytest.mark.system
def test_two_programs_are_installed_one_after_the_other(bare: Path) -> None:
    """apt-get fails where another one is at work."""
    busy = bare / "busy"
    (bare / "mkdir").symlink_to(shutil.which("mkdir", path=os.defpath) or "")
    (bare / "rmdir").symlink_to(shutil.which("rmdir", path=os.defpath) or "")
    (bare / "sleep").symlink_to(shutil.which("sleep", path=os.defpath) or "")
    make = "for one in redis-server chromium; do printf '' > {folder}/$one; chmod 755 {folder}/$one; done"
    with_apt_get(bare, f"{{{{ mkdir {busy} || exit 100; sleep 0.2; {make}; rmdir {busy}; }}}}")
    with ThreadPoolExecutor(2) as workers:
        found = list(workers.map(find_or_install, ("redis-server", "chromium")))
    assert found == [str(bare / "redis-server"), str(bare / "chromium")]


@pytest.mark.system
def test_a_failed_installation_is_told(bare: Path) -> None:
    with_apt_get(bare, REFUSE)
    with pytest.raises(LookupError, match=r"^apt-get install of redis-server failed: E: no such package$"):
        found_or_installed()


@pytest.mark.system
def test_an_installation_that_brings_none_is_told(bare: Path) -> None:
    with_apt_get(bare, "true")
    with pytest.raises(LookupError, match=r"^apt-get installed redis-server, but it is not on the path$"):
        found_or_installed()


@pytest.mark.usefixtures("bare")
def test_a_machine_that_is_no_debian_is_told() -> None:
    with pytest.raises(LookupError, match=r"^redis-server is not installed, and only root of a Debian"):
        found_or_installed()


def test_who_is_not_root_installs_nothing(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_apt_get(bare, INSTALL)
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    with pytest.raises(LookupError):
        found_or_installed()
    assert not (bare / "asked").exists()
