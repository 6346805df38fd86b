"""Runs the checks that most likely notice a mistake, in half a minute: format, lint, types, tests nearby.

A change is what differs from the merge base with main, or from the last commit where this is main itself;
with nothing changed it is the last commit. `make test-all` runs everything, and counts what is covered.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parent.parent
PACKAGE = "conekta_mcp"
CHECKS = (("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",))
ALWAYS = (
    "tests/contract/test_snapshots.py",
    "tests/contract/test_own_codes.py",
    "tests/contract/test_packaging.py",
    "tests/contract/test_prompts_name_tools.py",
    "tests/test_errors.py",
    "tests/test_redaction.py",
)
"""Cheap tests of what the whole server promises."""
TESTS_OF = {
    "conekta_mcp/__main__.py": ("tests/cli/test_help.py",),
    "conekta_mcp/app.py": ("tests/server", "tests/writes"),
    "conekta_mcp/errors.py": ("tests/test_errors.py", "tests/api"),
    "conekta_mcp/redaction.py": ("tests/test_redaction.py", "tests/api"),
    "conekta_mcp/domains/support/": ("tests/domains/support", "tests/contract/test_what_a_tool_lacks.py"),
    "conekta_mcp/domains/": ("tests/domains", "tests/contract/test_what_a_tool_lacks.py"),
    "conekta_mcp/cli/": ("tests/cli/test_help.py", "tests/cli/test_policy.py", "tests/cli/test_audit.py"),
    "conekta_mcp/settings/": ("tests/settings", "tests/contract/test_settings_table.py"),
    "prompts/": ("tests/server/test_prompts.py",),
    "docs/": (
        "tests/docs/test_site.py",
        "tests/contract/test_packaging.py",
        "tests/contract/test_own_codes.py",
    ),
    "scripts/walk.py": ("tests/contract/test_what_a_tool_lacks.py", "tests/contract/test_examples.py"),
    "scripts/": ("tests/contract/test_snapshots.py", "tests/contract/test_examples.py"),
    "tests/conftest.py": ("tests/server/tools/test_calls.py",),
}
"""Where the tests of a file, or of all files below a folder, are not in the folder of the same name."""
SLOW = (
    "tests/journeys",
    "tests/soak",
    "tests/cli/test_call.py",
    "tests/cli/test_serve.py",
    "tests/cli/test_secrets.py",
    "tests/cli/test_sandbox.py",
    "tests/contract/test_hypothesis.py",
    "tests/contract/test_promises.py",
    "tests/contract/test_vendor_models.py",
    "tests/contract/test_openapi.py",
    "tests/domains/support",
)
"""What is left out unless it, or what it tests, changes: processes, thousands of examples, reports."""
SECONDS = {
    "tests/api": 14,
    "tests/catalog": 8,
    "tests/domains": 23,
    "tests/domains/support": 15,
    "tests/sandbox": 20,
    "tests/server": 14,
    "tests/effects": 20,
    "tests/writes": 20,
    "tests/contract/test_examples.py": 8,
    "tests/contract/test_what_a_tool_lacks.py": 8,
    "tests/storage": 8,
}
"""Processor seconds of a folder where they are more than OTHERWISE."""
OTHERWISE, SLOW_SECONDS = 3, 15
BUDGET = 50
"""Processor seconds of tests: what would be more is left out, and named."""


def main() -> int:
    argparse.ArgumentParser(description=__doc__, allow_abbrev=False).parse_args()
    began = time.monotonic()
    changed = list_changed_files()
    tests, left_out = choose_tests(changed)
    commands = [[str(Path(sys.executable).with_name(name)), *words] for name, *words in CHECKS]
    commands.append([sys.executable, "-m", "pytest", "-q", "-n", "auto", *tests, *skip_slow(tests)])
    failed = [command for command in commands if subprocess.run(command, cwd=ROOT, check=False).returncode]
    print(f"{len(changed)} changed files; {time.monotonic() - began:.0f} s")
    print("ran: format, lint, types, " + ", ".join(tests))
    print("left out: " + ", ".join([*left_out, *SLOW, "coverage"]) + ": make test-all runs them")
    for command in failed:
        print("FAILED: " + " ".join([Path(command[0]).name, *command[1:3]]))
    return 1 if failed else 0


def list_changed_files() -> list[str]:
    """Return what differs from the merge base with main, or what the last commit changed."""
    head, main_base = read_git("rev-parse", "HEAD"), read_git("merge-base", "HEAD", "main")
    untracked = read_git("ls-files", "--others", "--exclude-standard")
    changed = untracked + read_git("diff", "--name-only", *(main_base or head))
    return sorted(set(changed or read_git("diff", "--name-only", "HEAD~1", "HEAD")))


def read_git(*words: str) -> list[str]:
    """Return the lines that git prints, none where it refuses."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607  the user's git
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


def choose_tests(changed: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the tests that fit into the budget, and those that do not."""
    wanted = dict.fromkeys(test for path in changed for test in find_tests(path) if (ROOT / test).exists())
    chosen, left_out, spent = list(ALWAYS), [], 0
    for test in drop_inner(wanted):
        cost = estimate_seconds(test)
        if test in chosen:
            continue
        if spent + cost > BUDGET:
            left_out.append(test)
            continue
        chosen.append(test)
        spent += cost
    return chosen, left_out


def find_tests(path: str) -> Iterator[str]:
    """Return a changed file's tests: itself, those of the table, those in the folder of the same name."""
    place = PurePosixPath(path)
    if place.parts[0] == "tests" and place.suffix == ".py" and place.name.startswith("test_"):
        yield path
    for start, tests in TESTS_OF.items():
        if path == start or (start.endswith("/") and path.startswith(start)):
            yield from tests
            return
    if place.parts[0] == PACKAGE or (place.parts[0] == "tests" and not place.name.startswith("test_")):
        folder = PurePosixPath("tests", *place.parent.parts[1:])
        while not (ROOT / folder).is_dir():
            folder = folder.parent
        if folder != PurePosixPath("tests"):
            yield str(folder)


def drop_inner(tests: Iterable[str]) -> list[str]:
    """Leave out what lies in a folder that is chosen as a whole; tests that cost less come first."""
    kept = [one for one in tests if one in SLOW or not any(one.startswith(f"{other}/") for other in tests)]
    return sorted(kept, key=estimate_seconds)


def estimate_seconds(test: str) -> int:
    """Return roughly the processor seconds of a folder or file of tests."""
    return SECONDS.get(test, SLOW_SECONDS if test.startswith(SLOW) else OTHERWISE)


def skip_slow(tests: Sequence[str]) -> list[str]:
    return [f"--ignore={slow}" for slow in SLOW if not any(test.startswith(slow) for test in tests)]


if __name__ == "__main__":
    sys.exit(main())
