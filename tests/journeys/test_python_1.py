"""A client of the Python SDK 1.x: a bill is made once after a person's yes, and not at all otherwise."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.installed_once import find_python, install_python_project
from tests.journeys.bills import BILL, NO_SCREEN, BillingShop
from tests.journeys.processes import child_environment

pytestmark = pytest.mark.system

HERE = Path(__file__).parent / "python_1"
RUN_SECONDS = 180


@pytest.fixture(scope="module")
def python() -> Path:
    return find_python(install_python_project("python-1", HERE / "requirements.txt"))


@pytest.fixture
def shop(tmp_path: Path) -> BillingShop:
    return BillingShop(tmp_path / "shop.db")


def bill(python: Path, shop: BillingShop, how: str, *flags: str) -> dict[str, Any]:
    """What a client saw whose person answers forms so."""
    environment = json.dumps(child_environment(**NO_SCREEN))
    script = [str(python), str(HERE / "client.py"), how, json.dumps(BILL), environment]
    done = subprocess.run(
        [*script, *shop.list_command(*flags)],
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        encoding="utf-8",
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["protocol"] == "2025-11-25"
    return seen


def test_a_yes_in_its_form_makes_the_bill_once(python: Path, shop: BillingShop) -> None:
    seen = bill(python, shop, "yes")
    (question,), (made,) = seen["asked"], seen["answers"]
    assert "MXN 500.00" in question
    assert (made["amount"], seen["again"]["id"], seen["again"]["repeated"]) == (50_000, made["id"], True)
    assert shop.count_orders() == 1


def test_a_form_that_is_closed_at_once_leaves_the_question_to_a_terminal(
    python: Path, shop: BillingShop
) -> None:
    with shop.person_at_terminal("yes"):
        seen = bill(python, shop, "closed")
    assert (seen["answers"][-1]["amount"], len(seen["asked"])) == (50_000, 1)
    assert shop.count_orders() == 1


@pytest.mark.parametrize(("how", "flags"), [("no", ()), ("closed", ("--approval-channels", "client"))])
def test_anything_else_in_its_form_makes_none(
    python: Path, shop: BillingShop, how: str, flags: tuple[str, ...]
) -> None:
    seen = bill(python, shop, how, *flags)
    assert [one["error"]["type"] for one in seen["answers"]] == ["consent_declined"]
    assert len(seen["asked"]) == 1
    assert shop.count_orders() == 0


def test_a_yes_on_a_terminal_makes_the_bill_once(python: Path, shop: BillingShop) -> None:
    with shop.person_at_terminal("yes"):
        seen = bill(python, shop, "none", "--approval-wait", "1")
    *pending, made = seen["answers"]
    assert {one["error"]["type"] for one in pending} <= {"consent_pending"}
    assert (made["amount"], seen["again"]["id"], seen["again"]["repeated"]) == (50_000, made["id"], True)
    assert seen["asked"] == []
    assert "Esperando el sí de una persona…" in seen["progress"]
    assert shop.count_orders() == 1


def test_a_no_on_a_terminal_makes_none(python: Path, shop: BillingShop) -> None:
    with shop.person_at_terminal("no"):
        seen = bill(python, shop, "none", "--approval-wait", "1")
    assert seen["answers"][-1]["error"]["type"] == "consent_declined"
    assert shop.count_orders() == 0


@pytest.mark.parametrize(("word", "made"), [("yes", 1), ("no", 0)])
def test_a_call_that_a_silent_form_held_up_ends_as_a_terminal_says(
    python: Path, shop: BillingShop, word: str, made: int
) -> None:
    given_up = bill(python, shop, "silent", "--approval-wait", "1")
    assert [*given_up["answers"][0]] == ["given_up"]
    assert (len(given_up["asked"]), shop.count_orders()) == (1, 0)
    shop.answer_at_terminal(word)
    assert shop.count_orders() == 0
    seen = bill(python, shop, "silent")
    assert seen["asked"] == []
    assert ("id" in seen["answers"][-1]) == (word == "yes")
    assert shop.count_orders() == made


def test_silence_everywhere_makes_none(python: Path, shop: BillingShop) -> None:
    seen = bill(python, shop, "none", "--approval-wait", "0")
    assert {one["error"]["type"] for one in seen["answers"]} == {"consent_pending"}
    assert shop.count_orders() == 0
