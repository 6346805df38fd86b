"""The weights of the search are those of the example requests, and whole sentences are found by them."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.example_requests import read_example_requests
from conekta_mcp.server.discovery.learned_weights import STEPS, LearnedWeights, read_learned_weights
from conekta_mcp.server.discovery.ranking import Finder, list_tokens, split_name

SCRIPT = Path(__file__).parents[3] / "scripts" / "learn_weights.py"


@pytest.fixture(scope="module")
def learning() -> ModuleType:
    spec = importlib.util.spec_from_file_location("learn_weights", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_weights_were_fitted_to_the_examples_as_they_are(learning: ModuleType) -> None:
    labels, examples = learning.list_examples(read_example_requests())
    learned = read_learned_weights()
    assert learned.digest == learning.digest_examples(labels, examples), "make snapshot"
    assert list(learned.labels) == labels


def test_every_operation_of_the_catalog_was_learned() -> None:
    assert {split_name(tool.name) for tool in ALL_TOOLS} <= set(read_learned_weights().labels)


def test_what_both_operations_share_decides_nothing(learning: ModuleType) -> None:
    said = {
        "capture_order": ("cobra lo apartado en la tarjeta", "cobra ya lo apartado"),
        "void_order": ("suelta lo apartado en la tarjeta", "suelta ya lo apartado"),
    }
    labels, examples = learning.list_examples(said)
    text = learning.format_weights("digest", labels, learning.fit_weights(examples, len(labels)))
    _, _, *rows = text.splitlines()
    learned = LearnedWeights("digest", labels, dict(row.split("\t") for row in rows))
    score = learned.score(list_tokens("suelta lo apartado en la tarjeta"))
    assert score["void", "order"] > score["capture", "order"]
    assert "tarjeta" not in learned.weights
    assert {"cobra", "suelta"} <= learned.weights.keys()


def test_the_score_is_the_sum_of_the_weights_of_the_words_by_the_root_of_their_number() -> None:
    learned = LearnedWeights("", [("get", "order"), ("get", "plan")], {"pedido": "0:8", "ver": "0:4 1:8"})
    assert learned.score(["ver", "pedido"]) == {
        ("get", "order"): pytest.approx(12 / STEPS / 2**0.5),
        ("get", "plan"): pytest.approx(8 / STEPS / 2**0.5),
    }
    assert learned.score(["zzzz"]) == {("get", "order"): 0, ("get", "plan"): 0}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("xq no paso", "por que no paso"),
        ("q tarjetas tiene", "que tarjetas tiene"),
        ("did you get $1,234.50", "did you get $98,000"),
        ("what is in ord_2abc", "what is in order id"),
        ("can u find it pls", "can you find it please"),
    ],
)
def test_short_forms_numbers_and_ids_are_read_as_what_they_stand_for(written: str, meant: str) -> None:
    assert list_tokens(written) == list_tokens(meant)


def test_small_numbers_keep_their_meaning() -> None:
    assert {"12", "16"} <= set(list_tokens("12 meses, 16%"))


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("que Brenda vuelva a pagar a partir de hoy", "resume_subscription"),
        ("por qué no se le ha cobrado el gimnasio a la señora Mónica", "check_subscription"),
        ("put them on the quarterly plan", "update_subscription"),
    ],
)
def test_a_whole_sentence_is_understood(asked: str, right: str) -> None:
    assert right in [tool.name for tool in Finder(ALL_TOOLS).find(asked, 3)]
