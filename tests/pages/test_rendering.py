"""Every page escapes what it shows, and its headers let it do next to nothing."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from starlette.requests import Request

from conekta_mcp.pages.rendering import TEMPLATES, render_page
from conekta_mcp.pages.wording import LANGUAGES, choose_language, parse_accept_language
from conekta_mcp.server.cards.documents import PIECES

SCHEMES = ("light", "dark")
PAIRS = [
    ("text", "page"), ("text", "sheet"), ("soft", "sheet"), ("soft", "page"), ("focus", "sheet"),
    ("focus", "page"), ("typed", "typed-sheet"), ("live", "live-sheet"), ("test", "test-sheet"),
    ("yes", "yes-sheet"), ("warning", "warning-sheet"),
]  # fmt: skip
"""Text and what it stands on."""
EDGES = [("line", "sheet"), ("line", "page"), ("focus", "sheet"), ("yes-sheet", "sheet")]
"""Borders that tell where a control is, and what is beside them."""


def notice(language: str = "es", **facts: str) -> str:
    answer = render_page("notice.html", language, **{"title": "Título", "next": "Sigue", **facts})
    return bytes(answer.body).decode()


def test_what_a_page_is_given_cannot_add_markup() -> None:
    assert "<h1>&lt;img src=x onerror=alert(1)&gt;</h1>" in notice(title="<img src=x onerror=alert(1)>")


def test_a_fact_that_is_missing_fails_instead_of_showing_nothing() -> None:
    with pytest.raises(UndefinedError):
        render_page("notice.html", "es", title="Título")


def test_the_headers_allow_only_the_style_and_script_in_the_page() -> None:
    answer = render_page("notice.html", "es", status=404, title="Título", next="Sigue")
    text = bytes(answer.body).decode()

    def hash_element(name: str) -> str:
        [source] = re.findall(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
        return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"

    assert answer.status_code == 404
    assert answer.headers["content-security-policy"].split("; ") == [
        "default-src 'none'",
        f"style-src {hash_element('style')}",
        f"script-src {hash_element('script')}",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "file", sorted(file for file in TEMPLATES.rglob("*") if file.is_file()), ids=lambda file: str(file.name)
)
def test_a_template_loads_nothing_and_trusts_nothing(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape|https?://|url\(|@import|\sstyle=|\son\w+=|innerHTML", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language(language: str) -> None:
    assert f'<html lang="{language}">' in notice(language)


@pytest.mark.parametrize(
    ("header", "operator", "chosen"),
    [
        ("", "es", "es"),
        ("en", "es", "en"),
        ("en-US,en;q=0.9", "es", "en"),
        ("en-US,en;q=0.9,es;q=0.8", "es", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "en", "es"),
        ("en,es", "es", "es"),
        ("de,fr;q=0.5", "en", "en"),
        ("de,en;q=0.5", "es", "en"),
        ("en;q=0", "es", "es"),
        ("en;q=none, ,;", "es", "es"),
    ],
)
def test_the_operators_language_is_shown_unless_the_browser_wants_the_other_one(
    header: str, operator: str, chosen: str
) -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", header.encode())]})
    assert choose_language(request, operator) == chosen


def test_an_unreadable_weight_is_left_out() -> None:
    assert parse_accept_language("en;q=much, es-MX;q=0.3, es;q=0.7") == {"es": 0.7}


def read_colours(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme by name; the second :root is that of dark ones."""
    blocks = re.findall(r":root \{(.*?)\}", (TEMPLATES / "style.css").read_text("utf-8"), re.DOTALL)
    assert len(blocks) == len(SCHEMES)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[SCHEMES.index(scheme)]))


def measure_contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2 of two colours."""

    def measure_luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((measure_luminance(one), measure_luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_of_black_and_white_is_21() -> None:
    assert round(measure_contrast("#000000", "#ffffff"), 6) == 21
    assert round(measure_contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_has_the_contrast_of_wcag_aa(scheme: str) -> None:
    colours = read_colours(scheme)
    found = {pair: measure_contrast(*(colours[name] for name in pair)) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}
    edges = {pair: measure_contrast(*(colours[name] for name in pair)) for pair in EDGES}
    assert {pair: ratio for pair, ratio in edges.items() if ratio < 3} == {}


def test_no_colour_stands_outside_the_pairs() -> None:
    style = (TEMPLATES / "style.css").read_text("utf-8")
    known = {name for pair in (*PAIRS, *EDGES) for name in pair}
    assert set(read_colours("light")) == set(read_colours("dark")) == known
    rules = style.split("* { box-sizing", 1)[1]
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl", rules)
    assert set(re.findall(r"var\(--([\w-]+)\)", rules)) == known


@pytest.mark.parametrize("style", [TEMPLATES / "style.css", PIECES / "style.css"], ids=["page", "card"])
def test_a_name_that_is_written_from_right_to_left_moves_nothing_around_it(style: Path) -> None:
    [rule] = re.findall(r"^\.typed \{(.*?)\}", style.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert "unicode-bidi: isolate;" in rule
