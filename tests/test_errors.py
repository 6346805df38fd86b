"""The exceptions: one tree, and a text that says what happened."""

import pytest

from conekta_mcp import errors
from conekta_mcp.errors import Detail, Failure, RequestRefused

KINDS = [
    errors.InvalidArguments,
    errors.UnknownTool,
    errors.NotConfigured,
    errors.RequestRefused,
    errors.Unreachable,
    errors.UnreadableAnswer,
    errors.InternalError,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_failure_of_a_call_is_a_failure(kind: type[Failure]) -> None:
    assert kind.__bases__ == (Failure,)
    assert issubclass(kind, errors.ConektaMcpError)
    assert kind.__name__ in str(errors.__doc__)


def test_a_configuration_error_is_no_failure_of_a_call() -> None:
    assert errors.ConfigurationError.__bases__ == (errors.ConektaMcpError,)


@pytest.mark.parametrize(
    ("detail", "text"),
    [
        (Detail(message="No se pudo.", debug_message="It failed."), "No se pudo."),
        (Detail(debug_message="It failed."), "It failed."),
        (Detail(code="x"), "processing_error"),
    ],
)
def test_a_failure_says_the_first_thing_that_was_said(detail: Detail, text: str) -> None:
    assert str(RequestRefused(type="processing_error", details=(detail, Detail(message="Dos.")))) == text
