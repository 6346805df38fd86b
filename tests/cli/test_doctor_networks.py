"""conekta-mcp doctor names the cause of a network that does not work, and the cure."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.journeys.own_authority import Authority, answering
from tests.journeys.processes import free_port

EMPTY = b'{"object":"list","has_more":false,"data":[]}'
PAGE = b"<!DOCTYPE html><html><body>Welcome to the airport</body></html>"
JSON, HTML = "application/json", "text/html"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_doctor_says_which_it_is_and_what_to_do(language: str, run: Run, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    certificate = Authority(tmp_path).issue()
    with (
        answering(EMPTY, JSON, certificate) as (inspected, _),
        answering(EMPTY, JSON) as (plain, _),
        answering(PAGE, HTML) as (portal, _),
    ):
        networks = [
            ("--base-url", "https://conekta.invalid"),
            ("--base-url", nobody),
            ("--base-url", inspected),
            ("--base-url", plain.replace("http:", "https:")),
            ("--base-url", "https://conekta.invalid", "--proxy", nobody),
            ("--base-url", "https://conekta.invalid", "--proxy", plain),
            ("--base-url", portal),
        ]
        said = [
            run("doctor", *flags, "--language", language, "--timeout", "20", CONEKTA_API_KEY="key_n")
            for flags in networks
        ]
    found = [next(line for line in one.out.splitlines() if line.startswith("FIX API: ")) for one in said]
    words = {
        "en": ["DNS", "refused", "certificate", "TLS", "proxy", "proxy", "web page"],
        "es": ["DNS", "rechazada", "certificado", "TLS", "proxy", "proxy", "página web"],
    }[language]
    assert [word for word, line in zip(words, found, strict=True) if word not in line] == []
    assert len(set(found)) >= len(set(words))
    assert [one.code for one in said] == [1] * len(said)
