"""Draws bundle/icon.png of bundle/icon.svg with Chromium; --check says whether it was drawn of this SVG."""

import argparse
import hashlib
import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SVG, PNG = ROOT / "bundle" / "icon.svg", ROOT / "bundle" / "icon.png"
SIDE = 512
"""Pixels: what Claude Desktop recommends."""
SIGNATURE_BYTES, HEADER_BYTES = 8, 25
KEYWORD = b"Source"


def draw_icon(svg: str, side: int = SIDE) -> bytes:
    """Return the SVG as PNG; the digest of its text is noted in the file."""
    from playwright.sync_api import sync_playwright  # --check does without

    from tests.pages.browser.chromium import ARGUMENTS, find_or_install_chromium

    page_of_it = f"<style>*{{margin:0}}svg{{display:block;width:{side}px;height:{side}px}}</style>{svg}"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=find_or_install_chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": side, "height": side})
        page.set_content(page_of_it)
        drawn = page.screenshot(omit_background=True)
        browser.close()
    place = SIGNATURE_BYTES + HEADER_BYTES
    return drawn[:place] + _build_text_chunk(digest_svg(svg)) + drawn[place:]


def digest_svg(svg: str) -> str:
    return hashlib.sha256(svg.encode()).hexdigest()


def _build_text_chunk(text: str) -> bytes:
    content = b"tEXt" + KEYWORD + b"\0" + text.encode()
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))


def find_problems() -> list[str]:
    """Return what does not fit between the two files."""
    png = PNG.read_bytes()
    side = struct.unpack(">II", png[16:24])
    found = [] if side == (SIDE, SIDE) else [f"bundle/icon.png: {side} pixels and not {SIDE} each way"]
    if _build_text_chunk(digest_svg(SVG.read_text(encoding="utf-8"))) not in png:
        found.append("bundle/icon.png: it was drawn of another bundle/icon.svg; run make icon")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="compare only")
    if not parser.parse_args().check:
        PNG.write_bytes(draw_icon(SVG.read_text(encoding="utf-8")))
    found = find_problems()
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
