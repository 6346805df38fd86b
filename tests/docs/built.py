"""Reads the built site as a browser does: what pages load, link to and show."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADING = {
    "script": "src", "img": "src", "iframe": "src", "source": "srcset", "video": "src", "audio": "src",
    "embed": "src", "object": "data", "form": "action", "use": "href",
}  # fmt: skip
"""What loads something, with the attribute that says what; of `link` it depends on `rel`."""
ONLY_NAMED = {"canonical", "alternate", "next", "prev", "license", "author"}
"""Relations of a link that load nothing."""
STYLE_ADDRESS = re.compile(r"""(?:url\(\s*["']?|@import\s+["']?)(?!data:)([^"')\s;]+)""")
SHAPES = ("ul", "ol", "li", "table", "tr", "th", "td", "pre", "h1", "h2", "h3", "h4", "blockquote", "img")


@dataclass
class Page(HTMLParser):
    """One page."""

    file: Path
    loads: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    shapes: Counter[str] = field(default_factory=Counter)
    """How many there are of each kind of block in the article."""
    depth: int = 0
    """How deep its lists are nested."""

    def __post_init__(self) -> None:
        super().__init__()
        self._open, self._inside = 0, False
        text = self.file.read_text(encoding="utf-8")
        self._inside = "<article" not in text
        self.feed(text)
        self.loads += [
            found
            for style in re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
            for found in list_style_addresses(style)
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag in LOADING and given.get(LOADING[tag]):
            self.loads.append(given[LOADING[tag]])
        if tag == "link" and given.get("rel") not in ONLY_NAMED:
            self.loads.append(given["href"])
        if tag == "a" and "href" in given:
            self.leads.append(given["href"])
        if tag == "article":
            self._inside = True
        if self._inside and tag in SHAPES:
            self.shapes[tag] += 1
            self._open += tag in {"ul", "ol"}
            self.depth = max(self.depth, self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._inside = False
        if self._inside and tag in {"ul", "ol"}:
            self._open -= 1


def list_style_addresses(style: str) -> list[str]:
    """Give what a style sheet loads, but for what stands in it."""
    return STYLE_ADDRESS.findall(style)


def is_elsewhere(address: str) -> bool:
    """Tell whether an address is of another host."""
    return bool(urlsplit(address).netloc) or address.startswith("//")


def find_broken_links(pages: dict[Path, Page]) -> Iterator[str]:
    """Name the links to files and anchors that are not in the built site."""
    for page in pages.values():
        for address in page.leads:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or page.file.name == "404.html":
                continue
            target = (page.file.parent / unquote(parts.path)).resolve() if parts.path else page.file
            if target.is_dir():
                target = target / "index.html"
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and target in pages and anchor not in pages[target].anchors):
                yield f"{page.file.name}: {address}"
