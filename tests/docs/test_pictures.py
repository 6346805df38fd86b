"""docs/pictures/: pages show each existing picture and no other, and pictures load nothing."""

import re
from pathlib import Path
from xml.dom import minidom

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "pictures"
PAGES = sorted([DOCS.parent / "README.md", DOCS.parent / "README.es.md", *DOCS.rglob("*.md")])
SHOWN = re.compile(r"\]\(([^)\s]*\bpictures/[^)\s]+)\)")
DRAWINGS = sorted(PICTURES.glob("*.svg"))


def list_shown(page: Path) -> list[Path]:
    """The pictures that a page names."""
    return [(page.parent / name).resolve() for name in SHOWN.findall(page.read_text(encoding="utf-8"))]


def get_subject(picture: Path) -> str:
    """What a picture shows, in whichever language and theme."""
    return picture.name.split(".")[0]


@pytest.mark.parametrize("page", [one for one in PAGES if one.exists()], ids=lambda one: one.name)
def test_each_picture_that_a_page_names_exists(page: Path) -> None:
    assert [one for one in list_shown(page) if not one.is_file()] == []


@pytest.mark.parametrize("page", sorted((DOCS / "es").glob("*.md")), ids=lambda one: one.name)
def test_a_spanish_page_shows_the_pictures_of_the_english_one_in_spanish(page: Path) -> None:
    english = [get_subject(one) for one in list_shown(DOCS / page.name)]
    assert [get_subject(one) for one in list_shown(page)] == english
    assert [one.name for one in list_shown(page) if ".es." not in one.name] == []


def test_each_subject_of_a_picture_is_shown_on_a_page() -> None:
    """In one language and theme; a page of the approvals is drawn in all."""
    shown = {get_subject(one) for page in PAGES if page.exists() for one in list_shown(page)}
    assert {get_subject(one) for one in PICTURES.iterdir()} - shown == set()


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda one: one.name)
def test_each_drawing_is_named_by_a_page(drawing: Path) -> None:
    assert drawing in {one for page in PAGES if page.exists() for one in list_shown(page)}


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda one: one.name)
def test_a_drawing_is_whole_and_loads_nothing(drawing: Path) -> None:
    text = drawing.read_text(encoding="utf-8")
    root = minidom.parseString(text).documentElement  # noqa: S318 - our own file
    assert root is not None
    assert root.tagName == "svg"
    assert re.findall(r"url\((?!#)[^)]*\)|@import|(?:href|src)=", text) == []


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda one: one.name)
def test_a_drawing_shows_nothing_of_the_machine_that_made_it(drawing: Path) -> None:
    text = drawing.read_text(encoding="utf-8")
    assert re.findall(r"/(?:tmp|work|root|usr|build)/|terminal:&#160;(?!ana\b)\w+", text) == []
