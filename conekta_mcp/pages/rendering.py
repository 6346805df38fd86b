"""Renders pages: autoescaping templates, one inline style and script, strict headers."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from conekta_mcp.pages.wording import bind_page_texts

TEMPLATES = Path(__file__).parent / "templates"


def render_page(template: str, language: str, *, status: int = 200, **facts: Any) -> Response:
    """Render a template with `facts`: all are required, and none can add markup.

    Templates can also use `say(name)`, the texts of `wording.py` in `language`.
    """
    environment = _load_environment()
    text = environment.get_template(template).render(
        language=language, say=bind_page_texts(language), **facts
    )
    return HTMLResponse(text, status_code=status, headers=build_headers())


@cache
def build_headers() -> dict[str, str]:
    """Return the headers of every page: no external loads, no framing, no caching."""
    globals_ = _load_environment().globals
    style, script = (hash_source(str(globals_[name])) for name in ("style", "script"))
    policy = (
        "default-src 'none'",
        f"style-src {style}",
        f"script-src {script}",
        # The script asks whether the question is still open.
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


@cache
def _load_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for name, file in (("style", "style.css"), ("script", "page.js")):
        source = (TEMPLATES / file).read_text(encoding="utf-8")
        environment.globals[name] = Markup(source)  # noqa: S704 - a file of ours, not what others typed
    return environment


def hash_source(source: str) -> str:
    """Return the source expression of a content security policy that allows an inline style or script."""
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"
