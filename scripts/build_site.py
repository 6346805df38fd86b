"""Builds docs/ as a site in English and Spanish, into build/site (make site).

The Spanish pages are in docs/es/ under the names of the English ones. A page that is not there yet, or that
exists in English only, stands in the Spanish site in English, with a note. MkDocs reads one folder for each
language, which is put together here, so that a link that leads nowhere in either language is an error.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
BUILD = ROOT / "build"


@dataclass(frozen=True)
class Section:
    """Pages of the navigation under one heading."""

    title: str
    title_es: str
    pages: tuple[str, ...]


HOME = "index.md"
SECTIONS = (
    Section(
        "Start", "Empezar", ("start-merchant.md", "start-developer.md", "start-company.md", "install.md")
    ),
    Section(
        "Selling and support",
        "Vender y atender",
        ("recurring-clabes.md", "support.md", "cards.md", "does-not-start.md"),
    ),
    Section(
        "Protecting money",
        "Proteger el dinero",
        ("safety.md", "approvals.md", "policy.md", "profiles.md", "how-a-write-works.md"),
    ),
    Section(
        "Developing",
        "Desarrollar",
        ("agents.md", "sandbox.md", "sandbox-sdks.md", "webhooks.md", "errors.md"),
    ),
    Section("Reference", "Referencia", ("tools.md", "configuration.md", "image.md", "performance.md")),
    Section("The project", "El proyecto", ("architecture.md", "contributing.md", "evals.md", "releasing.md")),
)
ENGLISH_ONLY = frozenset({"architecture.md", "contributing.md", "evals.md", "releasing.md"})
"""Pages for those who change the code."""

OTHER_LANGUAGE = re.compile(r"^(?:English|(?:En )?[Ee]spañol): ?\[[^\]]*\]\([^)]*\)\.?\n\n?", re.MULTILINE)
"""The line of a page that leads to its other language; in the site that is a button."""
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
ENGLISH_NOTE = '!!! note ""\n    Esta página está solo en inglés.\n'


def list_pages() -> list[str]:
    """Give every page of the navigation, in its order."""
    return [HOME, *(page for section in SECTIONS for page in section.pages if (DOCS / page).exists())]


def main(arguments: list[str]) -> int:
    """Build both languages."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("folder", nargs="?", type=Path, default=BUILD / "site", help="where, else build/site")
    target = parser.parse_args(arguments).folder.resolve()
    sources = target.with_name(f"{target.name}-pages")
    for folder in (target, sources):
        shutil.rmtree(folder, ignore_errors=True)
    # The Spanish site is inside of the English one, which MkDocs would clear.
    built = [build_language(language, sources, target) for language in ("en", "es")]
    return max(built)


def build_language(language: str, sources: Path, target: Path) -> int:
    """Build the site of one language, and return MkDocs' exit code."""
    pages = sources / language
    write_pages(language, pages)
    configuration = sources / f"{language}.yml"
    # JSON is YAML; INHERIT merges what is here into mkdocs.yml.
    text = json.dumps(create_configuration(language, pages, target), ensure_ascii=False, indent=1)
    configuration.write_text(text, encoding="utf-8")
    # Not --quiet, which would also keep MkDocs from counting what --strict fails for.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(configuration)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if built.returncode:
        said = (built.stdout + built.stderr).splitlines()
        print(*(line for line in said if not line.startswith("INFO")), sep="\n", file=sys.stderr)
    return built.returncode


def create_configuration(language: str, pages: Path, target: Path) -> dict[str, object]:
    """Give what one language adds to mkdocs.yml."""
    spanish = language == "es"
    nav: list[object] = [{"Inicio" if spanish else "Home": HOME}]
    there = list_pages()
    nav += [
        {one.title_es if spanish else one.title: [page for page in one.pages if page in there]}
        for one in SECTIONS
    ]
    # The button of a scheme is named after the other one, which it leads to.
    schemes = (
        ("default", "Tema oscuro" if spanish else "Dark"),
        ("slate", "Tema claro" if spanish else "Light"),
    )
    palette = [
        {
            "media": f"(prefers-color-scheme: {'dark' if scheme == 'slate' else 'light'})",
            "scheme": scheme,
            "primary": "teal",
            "toggle": {"icon": "material/theme-light-dark", "name": name},
        }
        for scheme, name in schemes
    ]
    return {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "docs_dir": str(pages),
        "site_dir": str(target / "es" if spanish else target),
        "site_description": (
            "Conekta para agentes de IA, con el dinero protegido"
            if spanish
            else "Conekta for AI agents, with money protected"
        ),
        "nav": nav,
        "theme": {
            "language": language,
            "palette": palette,
            "custom_dir": str(ROOT / "scripts" / "site_theme"),
        },
        # The button itself is site_theme/partials/alternate.html, which leads to the same page.
        "extra": {
            "alternate": [
                {"lang": "en", "name": "English", "link": "../index.html"}
                if spanish
                else {"lang": "es", "name": "Español", "link": "es/index.html"}
            ]
        },
        "plugins": [{"search": {"lang": language}}],
    }


def write_pages(language: str, folder: Path) -> None:
    """Put the pages of one language and the pictures that they show into a folder."""
    folder.mkdir(parents=True)
    for page in list_pages():
        text = read_page(page, language)
        (folder / page).write_text(text, encoding="utf-8")
        # What is not there is left to MkDocs, which names page and picture.
        for picture in filter(lambda one: (DOCS / one).is_file(), list_pictures(text)):
            (folder / picture).parent.mkdir(exist_ok=True)
            shutil.copy(DOCS / picture, folder / picture)


def read_page(page: str, language: str) -> str:
    """Give a page as it stands in the site of one language."""
    own = DOCS / "es" / page
    if language == "en" or not own.exists():
        text = OTHER_LANGUAGE.sub("", (DOCS / page).read_text(encoding="utf-8"))
        return text if language == "en" else add_note(text)
    return relocate_links(OTHER_LANGUAGE.sub("", own.read_text(encoding="utf-8")))


def relocate_links(text: str) -> str:
    """Let a link of docs/es/ to docs/ lead to the Spanish site's copy, if that is the English page too."""

    def relocate(found: re.Match[str]) -> str:
        page, _, anchor = found["target"].removeprefix("../").partition("#")
        if page == found["target"].partition("#")[0]:
            return found.group()
        anchor = f"#{anchor}" if anchor else ""
        if (DOCS / "es" / page).is_file():
            # The English site, of which MkDocs knows nothing here; tests/docs/test_site.py follows the link.
            return f'<a href="../{page.removesuffix(".md")}.html{anchor}">{found["text"]}</a>'
        return f"[{found['text']}]({page}{anchor})"

    return LINK.sub(relocate, text)


def add_note(text: str) -> str:
    """Say below the title that a page is in English."""
    title, rest = text.split("\n", 1)
    return f"{title}\n\n{ENGLISH_NOTE}{rest}"


def list_pictures(text: str) -> Iterator[str]:
    """Give the pictures of a page, relative to its folder."""
    for found in LINK.finditer(text):
        if found["target"].startswith("pictures/"):
            yield found["target"].split("#")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
