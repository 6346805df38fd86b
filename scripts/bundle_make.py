"""Makes dist/conekta-mcp.mcpb: a bundle that a desktop client installs by a double click.

It holds the wheel, and uv of the client installs what that needs. Validated and packed by @anthropic-ai/mcpb.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bundle_manifest import (
    ENTRY_POINT,
    LANGUAGES,
    RESOURCES,
    ROOT,
    build_manifest,
    build_pyproject,
    build_texts,
)

from tests.installed_once import install_npm_project

SOURCES = ROOT / "bundle"
BUNDLE = ROOT / "dist" / "conekta-mcp.mcpb"
EPOCH = "1580601600"
"""What hatchling dates its files, if SOURCE_DATE_EPOCH does not say another time."""
PACK_SECONDS = 120


def make_bundle(out: Path, wheel: Path | None = None) -> Path:
    """Write the bundle of a wheel, or of the one that this checkout builds, and return its path."""
    with tempfile.TemporaryDirectory(prefix="conekta-mcp-bundle-") as temporary:
        folder = Path(temporary) / "bundle"
        write_folder(folder, wheel or build_wheel(Path(temporary)))
        run_mcpb("validate", folder / "manifest.json")
        run_mcpb("pack", folder, out)
    return out


def build_wheel(folder: Path) -> Path:
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    _run(*words)
    [wheel] = folder.glob("*.whl")
    return wheel


def write_folder(folder: Path, wheel: Path) -> None:
    """Write what is packed; modes do not depend on who does it."""
    inside = Path("server") / wheel.name
    texts = {
        "manifest.json": _format_json(build_manifest()),
        "pyproject.toml": build_pyproject(inside.as_posix()),
        ENTRY_POINT: (SOURCES / "main.py").read_text(encoding="utf-8"),
        "LICENSE": (ROOT / "LICENSE").read_text(encoding="utf-8"),
    }
    texts |= {RESOURCES.replace("${locale}", one): _format_json(build_texts(one)) for one in LANGUAGES}
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    shutil.copyfile(SOURCES / "icon.png", folder / "icon.png")
    shutil.copyfile(wheel, folder / inside)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def run_mcpb(command: str, *paths: Path) -> None:
    """Run a command of @anthropic-ai/mcpb, in the version that bundle/package.json names.

    Raises:
        RuntimeError: it failed; the text is what it printed.
    """
    place = install_npm_project("mcpb", [SOURCES / "package.json"])
    script = place / "node_modules" / "@anthropic-ai" / "mcpb" / "dist" / "cli" / "cli.js"
    _run("node", "--require", str(SOURCES / "fixed_time.cjs"), str(script), command, *map(str, paths))


def _run(*words: str) -> None:
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or EPOCH
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": epoch, "TZ": "UTC"},
        capture_output=True,
        encoding="utf-8",
        timeout=PACK_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words[:3])} failed:\n{done.stdout}{done.stderr}")


def _format_json(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--wheel", type=Path, help="the wheel to pack; without it this checkout's is built")
    parser.add_argument(
        "--out", type=Path, default=BUNDLE, help=f"the file to write (default: {BUNDLE.name})"
    )
    given = parser.parse_args()
    out = make_bundle(given.out.absolute(), given.wheel)
    print(f"{out}: {out.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
