"""The site is complete in both languages, and its pages load nothing from other hosts."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from markdown_it import MarkdownIt

from tests.contract.code_layout import list_references
from tests.contract.test_architecture import PAGES as CHECKED_PAGES
from tests.docs.blocks import ROOT
from tests.docs.built import Page, find_broken_links, is_elsewhere, list_style_addresses


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {file: Page(file) for file in sorted(site.rglob("*.html"))}


def test_every_page_of_the_navigation_is_in_both_sites(script: ModuleType, site: Path) -> None:
    names = {page.replace(".md", ".html") for page in script.list_pages()} | {"404.html"}
    assert {file.name for file in site.glob("*.html")} == names
    assert {file.name for file in (site / "es").glob("*.html")} == names


def find_missing_parts(page: str, script: ModuleType) -> list[str]:
    """What a page of docs/ lacks, with the file to edit."""
    docs, lacks = script.DOCS, []
    text = (docs / page).read_text("utf-8")
    if page not in script.list_pages():
        lacks.append("scripts/build_site.py: SECTIONS: its place in the navigation")
    homes = [docs / script.HOME]
    if page not in script.ENGLISH_ONLY:
        homes.append(docs / "es" / script.HOME)
        if not (docs / "es" / page).exists():
            lacks.append(f"docs/es/{page}: the page in Spanish, or scripts/build_site.py: ENGLISH_ONLY")
        if f"](es/{page})." not in text:
            lacks.append(f"docs/{page}: Español: [es/{page}](es/{page}). below its title")
    elif (docs / "es" / page).exists():
        lacks.append("scripts/build_site.py: ENGLISH_ONLY names it, and it is in Spanish")
    for home in homes:
        targets = (found["target"] for found in script.LINK.finditer(home.read_text("utf-8")))
        if page != script.HOME and page not in {one.removeprefix("../").partition("#")[0] for one in targets}:
            lacks.append(f"{home.relative_to(ROOT).as_posix()}: a link to it")
    if list_references(text) and page not in CHECKED_PAGES:
        lacks.append("tests/contract/test_architecture.py: PAGES: it names code")
    return lacks


def test_no_page_lacks_anything(script: ModuleType) -> None:
    pages = sorted(file.name for file in script.DOCS.glob("*.md"))
    lacks = {page: missing for page in pages if (missing := find_missing_parts(page, script))}
    assert not lacks, json.dumps(lacks, indent=1, ensure_ascii=False)
    assert {page for section in script.SECTIONS for page in section.pages} <= set(script.list_pages())
    assert {file.name for file in (script.DOCS / "es").glob("*.md")} <= set(pages), (
        "docs/es/: a page of its own"
    )


def test_what_a_new_page_lacks_is_named(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for home in (tmp_path / "index.md", tmp_path / "es" / "index.md"):
        home.parent.mkdir(exist_ok=True)
        home.write_text("# Home\n", encoding="utf-8")
    (tmp_path / "new.md").write_text("# New\n\nSee `app.py: App`.\n", encoding="utf-8")
    monkeypatch.setattr(script, "DOCS", tmp_path)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert find_missing_parts("new.md", script) == [
        "scripts/build_site.py: SECTIONS: its place in the navigation",
        "docs/es/new.md: the page in Spanish, or scripts/build_site.py: ENGLISH_ONLY",
        "docs/new.md: Español: [es/new.md](es/new.md). below its title",
        "index.md: a link to it",
        "es/index.md: a link to it",
        "tests/contract/test_architecture.py: PAGES: it names code",
    ]


@pytest.mark.parametrize("name", ["README.md", "README.es.md"])
def test_every_link_of_a_readme_leads_to_a_file(name: str, script: ModuleType) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = {found["target"].partition("#")[0] for found in script.LINK.finditer(text)}
    local = {one for one in targets if not is_elsewhere(one)}
    assert len(local) > 10
    assert [one for one in sorted(local) if not (ROOT / one).exists()] == []


def test_no_page_loads_anything_from_another_host(site: Path, pages: dict[Path, Page]) -> None:
    assert [(page.file.name, one) for page in pages.values() for one in page.loads if is_elsewhere(one)] == []
    sheets = list(site.rglob("*.css"))
    assert sheets
    loaded = [one for sheet in sheets for one in list_style_addresses(sheet.read_text(encoding="utf-8"))]
    assert [one for one in loaded if is_elsewhere(one)] == []
    assert all(any(one.endswith(".js") for one in page.loads) for page in pages.values())


@pytest.mark.parametrize(
    ("html", "loads"),
    [
        (
            '<link rel="stylesheet" href="https://fonts.example.com/a.css">',
            ["https://fonts.example.com/a.css"],
        ),
        ('<script src="//cdn.example.com/a.js"></script>', ["//cdn.example.com/a.js"]),
        (
            "<style>@import 'https://example.com/a.css'; a {background: url(data:x)}</style>",
            ["https://example.com/a.css"],
        ),
        ('<a href="https://example.com">a link is followed by the reader only</a>', []),
        ('<img src="pictures/a.png">', []),
    ],
)
def test_what_another_host_is_asked_for_is_seen(html: str, loads: list[str], tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(html, encoding="utf-8")
    assert [one for one in Page(file).loads if is_elsewhere(one)] == loads


def test_every_link_leads_to_a_page_and_an_anchor_that_are_there(pages: dict[Path, Page]) -> None:
    assert sorted(set(find_broken_links(pages))) == []


def test_every_page_leads_to_itself_in_the_other_language(site: Path, pages: dict[Path, Page]) -> None:
    for file, page in pages.items():
        if file.name != "404.html":
            other = site / file.name if file.parent.name == "es" else site / "es" / file.name
            assert other in {(file.parent / one).resolve() for one in page.leads}, file


def test_both_sites_can_be_searched_in_their_language(site: Path) -> None:
    for folder, language in ((site, "en"), (site / "es", "es")):
        index = (folder / "search" / "search_index.json").read_text(encoding="utf-8")
        assert f'"lang":["{language}"]' in index
        assert "create_order_reusing_clabe" in index


@pytest.mark.system
def test_a_link_and_an_anchor_that_lead_nowhere_are_errors(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pages = {"index.md": "# A\n\n[b](gone.md) [c](other.md#gone)\n", "other.md": "# B\n"}
    monkeypatch.setattr(script, "SECTIONS", (script.Section("Others", "Otras", ("other.md",)),))
    monkeypatch.setattr(script, "DOCS", tmp_path / "docs")
    (tmp_path / "docs").mkdir()
    for name, text in pages.items():
        (tmp_path / "docs" / name).write_text(text, encoding="utf-8")
    assert script.build_language("en", tmp_path / "sources", tmp_path / "site") != 0
    said = "".join(capfd.readouterr())
    assert "'gone.md'" in said
    assert "'other.md#gone'" in said


def test_a_page_shows_on_the_site_what_the_repository_shows(
    script: ModuleType, site: Path, pages: dict[Path, Page], tmp_path: Path
) -> None:
    """GitHub and MkDocs read lists differently, unless blank lines are around and 4 spaces inside."""
    markdown = MarkdownIt("commonmark").enable("table")
    differs = []
    for language, folder in (("en", site), ("es", site / "es")):
        for name in script.list_pages():
            html = tmp_path / f"{language}-{name}.html"
            html.write_text(markdown.render(script.read_page(name, language)), encoding="utf-8")
            there, here = Page(html), pages[folder / name.replace(".md", ".html")]
            if (there.shapes, there.depth) != (here.shapes, here.depth):
                differs.append(
                    f"{language} {name}: {there.shapes} in the repository, {here.shapes} on the site"
                )
    assert not differs, "\n".join([*differs, "blank lines around a list, 4 spaces inside of an item"])
