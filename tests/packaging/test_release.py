"""What a release holds, that it is built twice alike, and that it runs where nothing else is installed.

`make release-check` does the same with clones of the last commit, on every Python, and with the lowest and
the newest dependencies. Each check is also shown what is wrong. (This folder is no package: its name would
hide that of the library.)
"""

import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from conekta_mcp import __version__

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import release_build  # noqa: E402  scripts are no package
import release_check  # noqa: E402
import release_contents  # noqa: E402
import release_environments  # noqa: E402
import release_facts  # noqa: E402
import release_sbom  # noqa: E402
from release_environments import Outcome, Row  # noqa: E402

pytestmark = pytest.mark.system
EPOCH = "1790000000"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as a commit would hold it."""
    return release_build.copy_tree(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="module")
def built(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Wheel and sdist of it, the wheel from the sdist."""
    out = tmp_path_factory.mktemp("first")
    return release_build.build(tree, out, "--no-isolation", epoch=EPOCH)


@pytest.fixture(scope="module")
def wheel(built: list[Path]) -> Path:
    return built[0]


def try_wheel(wheel: Path, folder: Path, version: str = __version__) -> Outcome:
    row = Row(HERE, wheel, (), "newest")
    return release_environments.try_row(row, sys.executable, folder / "environment", version)


def rewrite(wheel: Path, folder: Path, *left_out: str, **texts: str) -> Path:
    """Write a wheel anew without some files, and with other texts in others."""
    changed = folder / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            if name not in left_out:
                new.writestr(name, old.read(name))
        for name, text in texts.items():
            new.writestr(name, text)
    return changed


def test_a_build_elsewhere_later_and_by_another_user_has_the_same_bytes(
    built: list[Path], tmp_path: Path
) -> None:
    """The second wheel is built from the files and not from the sdist, which so lacks nothing."""
    other = release_build.copy_tree(tmp_path / "another" / "place")
    words = ("--no-isolation", "--sdist", "--wheel")
    again = release_build.build(other, tmp_path / "again", *words, circumstance=1, epoch=EPOCH)
    assert [path.name for path in built] == [
        f"conekta_mcp-{__version__}-py3-none-any.whl",
        f"conekta_mcp-{__version__}.tar.gz",
    ]
    assert list(release_build.find_differences(built, again)) == []


def test_another_time_of_the_last_commit_is_other_bytes(tree: Path, wheel: Path, tmp_path: Path) -> None:
    later = str(int(EPOCH) + 60)
    [other] = release_build.build(tree, tmp_path, "--no-isolation", "--wheel", epoch=later)
    [found] = release_build.find_differences([wheel], [other])
    assert found.startswith(f"{wheel.name}: two builds of one commit differ: ")


def test_wheel_and_sdist_hold_what_is_declared_and_nothing_else(built: list[Path], tree: Path) -> None:
    assert [release_contents.check_artifact(path, tree, __version__) for path in built] == [[], []]


@pytest.mark.parametrize("name", ["tests/test_a.py", "bench/__main__.py", "conekta_mcp/pages/draft.html"])
def test_a_file_that_nobody_declared_is_named(name: str, wheel: Path, tree: Path, tmp_path: Path) -> None:
    changed = rewrite(wheel, tmp_path, **{name: ""})
    assert release_contents.check_artifact(changed, tree, __version__) == [
        f"wheel: {name} is in it, and release_contents.toml does not declare it"
    ]


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("conekta_mcp/prompts/bill_renewal.md", []),
        ("conekta_mcp/server/cards/views/order.js", []),
        ("conekta_mcp/py.typed", ["wheel: nothing in it fits conekta_mcp/py.typed (the package has types)"]),
    ],
)
def test_a_file_that_is_missing_is_named(
    name: str, also: list[str], wheel: Path, tree: Path, tmp_path: Path
) -> None:
    changed = rewrite(wheel, tmp_path, name)
    assert release_contents.check_artifact(changed, tree, __version__) == [*also, f"wheel: {name} is missing"]


def test_the_wheel_runs_the_demo_in_an_environment_with_nothing_else(wheel: Path, tmp_path: Path) -> None:
    tried = try_wheel(wheel, tmp_path)
    assert tried.failure is None
    assert {"mcp", "httpx", "starlette"} <= {*tried.installed}
    assert "pytest" not in tried.installed


def test_a_wheel_that_lacks_a_page_of_the_demo_fails_there(wheel: Path, tmp_path: Path) -> None:
    broken = rewrite(wheel, tmp_path, "conekta_mcp/prompts/bill_renewal.md", "conekta_mcp/sandbox/app.py")
    failure = try_wheel(broken, tmp_path).failure
    assert failure is not None
    assert failure.startswith("conekta-mcp demo ended with ")


def test_a_wheel_that_imports_what_a_dependency_lacks_fails(wheel: Path, tmp_path: Path) -> None:
    """Though the demo does not come there: it is imported at the first use."""
    text = "def send():\n    from httpx import NoSuchClient\n    import httpx.nowhere\n"
    broken = rewrite(wheel, tmp_path, **{"conekta_mcp/later.py": text})
    failure = try_wheel(broken, tmp_path).failure
    assert failure == (
        "python release_imports.py ended with 1:\nhttpx: NoSuchClient\nhttpx.nowhere: the module\n"
    )


def test_a_wheel_of_another_version_fails(wheel: Path, tmp_path: Path) -> None:
    assert (
        try_wheel(wheel, tmp_path, "9.9.9").failure == f"conekta-mcp --version says conekta-mcp {__version__}"
    )


def test_every_requirement_has_a_lowest_version(built: list[Path]) -> None:
    """Without one, no environment of make release-check would try the oldest that is allowed."""
    asked = [release_environments.read_requirements(path, release_environments.EXTRAS) for path in built]
    assert asked[0] == asked[1]
    assert "redis>=6" in asked[0]
    assert release_environments.find_unbounded(asked[0]) == []
    assert release_environments.find_unbounded(["a>=1", "b==2", "c", "d<3"]) == ["c", "d<3"]


def test_a_python_that_is_not_here_is_named_and_fails_where_all_are_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = release_environments.find_pythons([HERE, "3.99"])
    said = subprocess.run(
        [found[HERE], "-c", release_environments.PRINT_VERSION], capture_output=True, check=True, text=True
    )
    assert ([*found], said.stdout.strip()) == ([HERE], HERE)
    assert release_check.name_missing([HERE, "3.99"], found, is_failure=False) == []
    assert capsys.readouterr().out == "Python 3.99 is not on this machine: nothing is tried with it\n"
    failures = release_check.name_missing([HERE, "3.99"], found, is_failure=True)
    assert failures == ["Python 3.99 is not on this machine"]


def test_lowest_dependencies_that_are_the_newest_are_named(wheel: Path) -> None:
    rows = [Row(HERE, wheel, release_environments.EXTRAS, which) for which in ("lowest", "newest")]
    same = [Outcome(row, 1.0, {"mcp": "2.3.0"}) for row in rows]
    older = [Outcome(rows[0], 1.0, {"mcp": "2.2.0"}), same[1]]
    assert list(release_check.print_versions(older)) == []
    assert list(release_check.print_versions(same)) == [
        "the lowest dependencies are the newest: nothing was tried with older ones"
    ]


def test_the_page_of_the_release_leads_into_the_repository_of_that_version(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        text = opened.read(f"conekta_mcp-{__version__}.dist-info/METADATA").decode()
    metadata = Parser().parsestr(text)
    repository = release_facts.read_repository()
    urls = dict(one.split(", ", 1) for one in metadata.get_all("Project-URL", []))
    assert urls["Repository"] == repository
    assert all(url.startswith(repository) for url in urls.values())
    links = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", metadata.get_payload())
    targets = {one or other for one, other in links}
    assert f"{repository}/blob/v{__version__}/docs/install.md" in targets
    assert {target for target in targets if not target.startswith(("https://", "#"))} == set()


class Checkout:
    """A repository with only what has versions and addresses in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        for name in ("pyproject.toml", "CHANGELOG.md", "server.json"):
            self.write(name, (ROOT / name).read_text(encoding="utf-8"))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        subprocess.run(["git", "add", name], cwd=self.folder, check=True)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def head_changelog(self, when: str) -> None:
        text = (self.folder / "CHANGELOG.md").read_text(encoding="utf-8")
        self.write(
            "CHANGELOG.md", re.sub(r"^## \[.*$", f"## [{__version__}]{when}", text, count=1, flags=re.M)
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path)
    assert list(release_facts.find_problems(tmp_path)) == []
    return made


def test_version_changelog_and_address_of_this_checkout_agree() -> None:
    assert list(release_facts.find_problems()) == []


def test_a_changelog_of_another_version_is_named(checkout: Checkout) -> None:
    assert list(release_facts.find_problems(checkout.folder, "9.9.9")) == [
        f"CHANGELOG.md: its newest section is {__version__}, and the version is 9.9.9"
    ]


def test_a_version_in_pyproject_is_named(checkout: Checkout) -> None:
    checkout.replace("pyproject.toml", "\ndynamic =", '\nversion = "1.0.0"\ndynamic =')
    [found] = release_facts.find_problems(checkout.folder)
    assert found == "pyproject.toml: project.version is set; it is read from conekta_mcp/__init__.py"


@pytest.mark.parametrize("when", ["", " - soon"])
def test_a_section_without_a_day_is_named(when: str, checkout: Checkout) -> None:
    checkout.head_changelog(when)
    [found] = release_facts.find_problems(checkout.folder)
    assert found.startswith(
        f'CHANGELOG.md: after [{__version__}] comes " - unreleased" or the day of the release'
    )


def test_another_address_of_the_repository_is_named(checkout: Checkout) -> None:
    repository = release_facts.read_repository()
    checkout.write("page.md", f"git clone {repository}.git, {repository}/issues, {repository}-python")
    assert list(release_facts.find_problems(checkout.folder)) == [
        f"page.md: {repository}-python is not the repository's address, {repository}"
    ]


def test_a_file_that_is_neither_text_nor_a_picture_is_named(checkout: Checkout) -> None:
    (checkout.folder / "shown.png").write_bytes(b"\x89PNG")
    (checkout.folder / "store").write_bytes(b"SQLite format 3\x00\xff")
    subprocess.run(["git", "add", "shown.png", "store"], cwd=checkout.folder, check=True)
    assert list(release_facts.find_problems(checkout.folder)) == [
        "store: neither text nor a picture; was it added by mistake?"
    ]


def test_a_tag_is_released_only_if_it_is_the_version_and_the_changelog_has_its_day(
    checkout: Checkout,
) -> None:
    checkout.head_changelog(" - unreleased")
    assert list(release_facts.find_obstacles("v9.9.9", checkout.folder)) == [
        f"the tag is v9.9.9, and the version is {__version__}: the tag has to be v{__version__}",
        f"CHANGELOG.md: {__version__} is still marked as unreleased: write the day of the release there",
    ]
    checkout.head_changelog(" - 2027-01-31")
    assert list(release_facts.find_obstacles(f"v{__version__}", checkout.folder)) == []


def test_the_notes_of_a_release_are_its_section_of_the_changelog() -> None:
    text = (
        "# Changelog\n\n## [2.0.0] - 2027-01-31\n\n### Added\n\n- New.\n\n## [1.0.0] - 2026-01-31\n\n- Old.\n"
    )
    assert release_facts.read_notes(text) == ("2.0.0", "2027-01-31", "### Added\n\n- New.\n")
    with pytest.raises(LookupError, match=r"^CHANGELOG\.md has no heading like "):
        release_facts.read_notes("# Changelog\n")


def test_a_bill_of_materials_that_lacks_something_is_named() -> None:
    bill = {
        "metadata": {"component": {"name": "conekta-mcp", "version": __version__}},
        "components": [{"name": "ruamel.yaml", "version": "0.19.1"}, {"name": "httpx", "version": "0.28.1"}],
    }
    whole = {"ruamel-yaml": "0.19.1", "httpx": "0.28.1"}
    assert release_sbom.find_problems(bill, whole, __version__) == []
    assert release_sbom.find_problems(bill, {**whole, "httpx": "0.28.0", "mcp": "2.3.0"}, "9.9.9") == [
        "SBOM: httpx 0.28.0, and it lists 0.28.1",
        "SBOM: mcp 2.3.0, and it lists none",
        f"SBOM: it is of conekta-mcp {__version__}",
    ]
    bill["components"][0]["purl"] = "file:///home/ana/wheel"
    assert release_sbom.find_problems(bill, whole, __version__) == [
        "SBOM: it names files of the machine that made it"
    ]
