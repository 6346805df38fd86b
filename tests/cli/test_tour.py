"""conekta-mcp tour: with a person at a pseudo-terminal, and unattended."""

import json
import re
import string
from pathlib import Path

import pytest

from conekta_mcp.cli.approving.answers import read_login_name
from conekta_mcp.cli.commands.tour import COUNT
from conekta_mcp.cli.tour import guide
from conekta_mcp.cli.tour.chapters import CHAPTERS
from conekta_mcp.cli.tour.texts import english, spanish
from tests.cli.conftest import Run
from tests.cli.terminals import AtTerminal, at_terminal

APPROVE = {"es": "Enter solo no hace nada: ", "en": "Enter alone does nothing: "}
TEXTS = {"es": spanish.TEXTS, "en": english.TEXTS}
ITSELF = "conekta-mcp tour, by itself"
UNTOUCHED = {"CONEKTA_API_KEY": "key_REAL", "CONEKTA_BASE_URL": "http://127.0.0.1:1", "NO_COLOR": "1"}


class Visitor:
    """The person who takes the tour."""

    def __init__(self, person: AtTerminal, language: str) -> None:
        self._person, self.language = person, language

    def answer(self, name: str, typed: str = "") -> str:
        """Wait for a question, answer it, and return what was shown before."""
        seen = self._person.read_until(TEXTS[self.language][name].partition("{")[0])
        seen += self._person.read_until(" > ")
        self._person.type(f"{typed}\n")
        return " ".join(seen.split())

    def decide(self, typed: str) -> str:
        seen = self._person.read_until(APPROVE[self.language])
        self._person.type(f"{typed}\n")
        return " ".join(seen.split())


@pytest.mark.system
@pytest.mark.parametrize(("language", "yes"), [("es", "sí"), ("en", "yes")])
def test_a_person_bills_pays_refunds_and_reads_the_audit(language: str, yes: str) -> None:
    with at_terminal("tour", "--language", language, **UNTOUCHED) as person:
        visitor = Visitor(person, language)
        shop = visitor.answer("go_on")
        assert all(name in shop for name in ("Ana Ruiz", "Luis Mora", "MXN 1,200.00"))
        visitor.answer("people_ask", "Ana")
        visitor.answer("people_which", "2")
        visitor.answer("go_on")
        visitor.answer("clabe_ask")
        clabe = re.search(r"CLABE +(\d{18})", visitor.answer("go_on"))
        assert clabe
        visitor.answer("bill_ask", "321.50")
        visitor.answer("bill_title_ask", "Clases")
        asked = visitor.decide(yes)
        assert "MXN 321.50" in asked
        assert "«Ana Ruiz»" in asked
        assert "«Clases»" in asked
        order = re.search("ord_[0-9A-Za-z]+", visitor.answer("go_on"))
        assert order
        assert clabe[1] in visitor.answer("pay_ask", "100")
        assert TEXTS[language]["pay_returned"].split()[0] in visitor.answer("pay_ask")
        visitor.answer("pay_find")
        found = visitor.answer("go_on")
        assert order[0] in found
        visitor.answer("refund_ask", "100")
        assert "MXN 100.00" in visitor.decide(yes)
        refunded = visitor.answer("go_on")
        assert {"es": "devuelta en parte", "en": "refunded in part"}[language] in refunded
        visitor.answer("limits_ask", "60000")
        assert "MXN 60,000.00" in visitor.answer("limits_refund_ask", "250")
        assert visitor.answer("go_on").count("limit_exceeded") == 1
        visitor.answer("audit_ask")
        audit = visitor.answer("audit_verify_ask")
        assert audit.count(f"({read_login_name()}, terminal)") == 2
        assert ITSELF not in audit
        assert audit.count("create_order_reusing_clabe") == 2
        visitor.answer("go_on")
        visitor.answer("offer")
        assert person.end() == 0
    titles = [f"{n} {'de' if language == 'es' else 'of'} 8 · " for n in range(1, 9)]
    assert [title in person.screen for title in titles] == [True] * 8
    assert "key_REAL" not in person.screen
    assert "\x1b" not in person.screen


@pytest.mark.system
def test_what_cannot_be_meant_is_asked_again() -> None:
    with at_terminal("tour", "--language", "es", "--chapter", "2") as person:
        visitor = Visitor(person, "es")
        visitor.answer("people_ask", "Zebedeo")
        assert "Nadie se llama así" in visitor.answer("people_ask", "Ana")
        visitor.answer("people_which", "7")
        assert "«7» no está en la lista" in visitor.answer("people_which", "dos")
        visitor.answer("people_which", "1")
        visitor.answer("go_on", "skip")
        visitor.answer("clabe_ask", "?")
        assert "Enter toma lo que está entre corchetes" in visitor.answer("clabe_ask", "SALTAR")
        visitor.answer("bill_ask", "mucho")
        assert "«mucho» no es un monto en pesos" in visitor.answer("bill_ask", "-5")
        assert "«-5» no es un monto en pesos" in visitor.answer("bill_ask", "$25,000")
        visitor.answer("bill_title_ask")
        over = visitor.answer("bill_ask", "300")
        assert "MXN 25,000.00" in over
        assert "limit_exceeded · outcome: not_applied" in over
        visitor.answer("bill_title_ask", "atrás")
        visitor.answer("go_on", "salir")
        assert person.end() == 0
    assert person.screen.rstrip().endswith("conekta-mcp tour --chapter 3")


@pytest.mark.system
@pytest.mark.parametrize("word", ["no", "N"])
def test_a_no_gives_no_clabe(word: str) -> None:
    with at_terminal("tour", "--language", "es", "--chapter", "3") as person:
        visitor = Visitor(person, "es")
        visitor.answer("clabe_ask", word)
        assert "4 de 8" in visitor.answer("bill_ask", "salir")
        assert person.end() == 0
    assert "add_spei_recurrent_source" not in person.screen.partition("4 de 8")[0]


@pytest.mark.system
def test_an_approval_that_is_not_answered_stays_open_and_a_no_does_nothing() -> None:
    with at_terminal("tour", "--language", "en", "--chapter", "4") as person:
        visitor = Visitor(person, "en")
        visitor.answer("bill_ask")
        visitor.answer("bill_title_ask")
        first = re.search(r"approval +([0-9a-f]{24})", visitor.decide("maybe"))
        waiting = visitor.answer("ask_again")
        assert "consent_pending" in waiting
        second = re.search(r"approval +([0-9a-f]{24})", visitor.decide("no"))
        assert first
        assert second
        assert first[1] == second[1]
        assert "consent_declined · outcome: not_applied" in visitor.answer("bill_ask")
        visitor.answer("bill_title_ask")
        assert "MXN 500.00" in visitor.decide("yes")
        visitor.answer("go_on")
        visitor.answer("pay_ask", "quit")
        assert person.end() == 0


@pytest.mark.system
@pytest.mark.parametrize("word", ["skip", "back", "quit"])
def test_an_approval_can_be_left_as_every_question_can(word: str) -> None:
    with at_terminal("tour", "--language", "en", "--chapter", "4") as person:
        visitor = Visitor(person, "en")
        visitor.answer("bill_ask")
        visitor.answer("bill_title_ask")
        visitor.decide(word)
        if word == "skip":
            assert "the tour has made one" in visitor.answer("pay_ask", "quit")
        elif word == "back":
            assert "3 of 8" in visitor.answer("go_on", "quit")
        assert person.end() == 0


@pytest.mark.system
@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 0)])
@pytest.mark.parametrize("language", ["es", "en"])
def test_it_can_be_left_by_the_keyboard(key: str, code: int, language: str) -> None:
    with at_terminal("tour", "--language", language, "--chapter", "2") as person:
        person.read_until(f"{TEXTS[language]['people_ask']} [Ana] > ")
        person.type(key)
        assert person.end() == code
    assert "conekta-mcp tour --chapter 2" in person.screen
    assert "Traceback" not in person.screen


@pytest.mark.system
def test_an_approval_can_be_interrupted() -> None:
    with at_terminal("tour", "--language", "en", "--chapter", "4") as person:
        visitor = Visitor(person, "en")
        visitor.answer("bill_ask")
        visitor.answer("bill_title_ask")
        person.read_until(APPROVE["en"])
        person.type("\x03")
        assert person.end() == 130
    assert "conekta-mcp tour --chapter 4" in person.screen
    assert "Traceback" not in person.screen


@pytest.mark.system
def test_colours_are_of_a_terminal_that_shows_them() -> None:
    with at_terminal("tour", "--chapter", "2", "--language", "en", NO_COLOR="", TERM="xterm") as person:
        assert "\x1b[1m2 of 8" in person.read_until("2 of 8")
        person.read_until("[Ana] > ")
        person.type("q\n")
        assert person.end() == 0


@pytest.mark.system
def test_at_the_end_a_client_is_set_up_if_that_is_wanted(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config")}
    with at_terminal("tour", "--language", "en", "--chapter", "8", **home) as person:
        visitor = Visitor(person, "en")
        for name in ("audit_ask", "audit_verify_ask", "go_on"):
            visitor.answer(name)
        visitor.answer("offer", "everything")
        picture = person.screen.partition("┌─ What comes next ─")[2].partition("┘")[0]
        assert "conekta-mcp login" in picture
        assert "conekta-mcp tour" not in picture
        assert {len(line) for line in picture.splitlines()[1:-1]} == {80}
        visitor.answer("offer", "install")
        visitor.answer("offer_client", "netscape")
        visitor.answer("offer_client", "cursor")
        assert person.end() == 0
    written = json.loads((tmp_path / ".cursor" / "mcp.json").read_text("utf-8"))
    (server,) = written["mcpServers"].values()
    assert "--sandbox" in server["args"]


@pytest.mark.system
def test_at_the_end_a_key_is_asked_for_if_that_is_wanted(tmp_path: Path) -> None:
    with at_terminal("tour", "--language", "es", "--chapter", "8", HOME=str(tmp_path)) as person:
        visitor = Visitor(person, "es")
        for name in ("audit_ask", "audit_verify_ask", "go_on"):
            visitor.answer(name)
        visitor.answer("offer", "login")
        person.read_until("default")
        person.type("\x04")
        assert person.end() == 2


@pytest.mark.system
def test_a_narrow_terminal_is_not_overrun() -> None:
    with at_terminal("tour", "--unattended", "--language", "es", "--chapter", "8", COLUMNS="60") as person:
        assert person.end() == 0
    picture = person.screen.partition("Qué sigue:\n")[2]
    assert "conekta-mcp login" in picture
    told = person.screen.replace(picture, "").splitlines()
    assert max(len(re.sub(r"\x1b\[\d+m", "", line)) for line in told if " > " not in line) <= 64  # a hash


@pytest.mark.parametrize("language", ["es", "en"])
def test_by_itself_it_reaches_the_end(language: str, run: Run) -> None:
    said = run("tour", "--unattended", "--language", language, **UNTOUCHED)
    assert (said.code, said.err) == (0, "")
    of = "de" if language == "es" else "of"
    titles = [line for line in said.out.splitlines() if re.match(rf"\d {of} 8 · ", line)]
    assert titles == [
        f"{number} {of} 8 · {TEXTS[language][f'{name}_title']}"
        for number, (name, _) in enumerate(CHAPTERS, 1)
    ]
    whole = " ".join(said.out.split())
    assert whole.count(f"({ITSELF}, terminal)") == 2
    assert whole.count("limit_exceeded · outcome: not_applied") == 2
    assert "\x1b" not in said.out
    assert "conekta-mcp install claude-desktop --sandbox" in said.out
    asked = ("«", APPROVE[language], " > ")
    long = [
        line for line in said.out.splitlines() if len(line) > 80 and not any(map(line.__contains__, asked))
    ]
    assert long == []


@pytest.mark.parametrize("chapter", range(1, COUNT + 1))
def test_it_begins_with_any_chapter(chapter: int, run: Run) -> None:
    said = run("tour", "--unattended", "--language", "en", "--chapter", str(chapter))
    assert said.code == 0
    assert re.findall(r"^(\d) of 8", said.out, re.MULTILINE) == [
        str(one) for one in range(chapter, COUNT + 1)
    ]


def test_by_itself_it_gives_up_where_it_does_not_get_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "MAX_PROMPTS", 2)
    said = run("tour", "--unattended", "--language", "en", "--chapter", "4")
    assert said.code == 1
    assert said.out.rstrip().endswith("conekta-mcp tour --chapter 4")


@pytest.mark.parametrize(
    ("language", "told"), [("es", "córrelo en una terminal"), ("en", "run it on a terminal")]
)
def test_without_a_terminal_it_says_so(language: str, told: str, run: Run) -> None:
    said = run("tour", "--language", language)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert told in said.err
    assert "--unattended" in said.err


@pytest.mark.parametrize("chapter", ["0", "9", "two"])
def test_a_chapter_that_does_not_exist_is_refused(chapter: str, run: Run) -> None:
    said = run("tour", "--chapter", chapter)
    assert (said.code, said.out, "--chapter" in said.err) == (2, "", True)


def test_every_text_is_in_both_languages_with_the_same_facts() -> None:
    def list_facts(text: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field}

    facts = [{name: list_facts(text) for name, text in texts.items()} for texts in TEXTS.values()]
    assert facts[0] == facts[1]
    assert len(CHAPTERS) == COUNT
