"""Validates the arguments of a call; a refusal names the argument, and nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from conekta_mcp.catalog import Input, ListInput, ServerArguments, Tool
from conekta_mcp.catalog.server_arguments import list_accepted_arguments
from conekta_mcp.errors import Detail, InvalidArguments
from conekta_mcp.redaction import has_card_number, to_error_text
from conekta_mcp.server.rendering.argument_messages import describe_in_english, describe_in_spanish

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from conekta_mcp.server.tools.client_habits import Reading

In = TypeVar("In", bound=Input)
ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_PROBLEMS = 10
CODE_PREFIX = "conekta_mcp.errors.parameter_validation"
MAX_ITEMS_WITH_PREVIOUS: ErrorDetails = {
    "type": "contradiction",
    "loc": ("max_items",),
    "msg": "max_items cannot go together with previous",
    "input": None,
    "ctx": {"one": "max_items", "others": "previous"},
}
PARTIAL_SEARCH: ErrorDetails = {
    "type": "whole_value_shape",
    "loc": ("search",),
    "msg": "expected a whole e-mail, phone of 10 digits or more, id, or reference of letters and digits",
    "input": None,
}


def parse_arguments(
    tool: Tool[In], reading: Reading, language: str, on: Collection[str] = ()
) -> tuple[ServerArguments, In]:
    """Return the server's arguments, limited to those in `on`, and the tool's input.

    Raises:
        InvalidArguments: with a detail for each problem, in the form of Conekta's refusals.
    """
    arguments = reading.arguments
    # Before anything else, so that no other message can quote the number; also in what is ignored, and in
    # what only JSON text hid.
    if has_card_number(dict(reading.given)) or has_card_number(arguments):
        raise _build_refusal(tool, [_build_card_number_detail(language)])
    ours = list_accepted_arguments(tool, on)
    theirs = {name: value for name, value in arguments.items() if name not in ours}
    problems: list[ErrorDetails] = []
    # Both parts are checked before anything is refused, so that one answer names all problems.
    own = _validate_model(
        ServerArguments, {name: arguments[name] for name in ours if name in arguments}, problems
    )
    read = _validate_model(tool.input, theirs, problems)
    if own is None or read is None:
        shown = [_name_what_was_meant(tool, problem, ours) for problem in problems[:MAX_PROBLEMS]]
        raise _build_refusal(tool, [_to_detail(problem, language) for problem in shown])
    # max_items walks towards older rows only.
    if own.max_items and getattr(read, "previous", None):
        raise _build_refusal(tool, [_to_detail(MAX_ITEMS_WITH_PREVIOUS, language)])
    return own, read


def refuse_masked_arguments(tool: Tool[In], arguments: In, language: str) -> None:
    """Raise InvalidArguments for text that was masked by an answer: it would overwrite the real one."""
    from conekta_mcp.privacy.masking import has_masked_text

    if has_masked_text(arguments.model_dump(mode="json", exclude_none=True)):
        raise _build_refusal(tool, [_build_masked_detail(language)])


def refuse_partial_search(tool: Tool[In], arguments: In, language: str) -> None:
    """Raise InvalidArguments for a search by a part of a masked value."""
    from conekta_mcp.privacy.whole_values import is_whole_value

    search = find_personal_search(arguments)
    if search is not None and not is_whole_value(search):
        raise _build_refusal(tool, [_to_detail(PARTIAL_SEARCH, language)])


def find_personal_search(arguments: Input) -> str | None:
    """Return the personal text that is searched for; None if there is none."""
    if isinstance(arguments, ListInput) and arguments.finds_people:
        return getattr(arguments, "search", None)
    return None


def _validate_model(
    model: type[ModelT], given: Mapping[str, Any], problems: list[ErrorDetails]
) -> ModelT | None:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        # Without the input: it may hold personal data or a secret.
        problems += error.errors(include_url=False, include_input=False)
        return None


def _name_what_was_meant(tool: Tool[Any], problem: ErrorDetails, ours: Collection[str]) -> ErrorDetails:
    if problem["type"] != "extra_forbidden":
        return problem
    from conekta_mcp.server.tools.client_habits import find_near_argument

    near = find_near_argument(tool, problem["loc"], ours)
    return {**problem, "type": "misspelt_argument", "ctx": {"near": near}} if near else problem


def _build_refusal(tool: Tool[Any], details: list[Detail]) -> InvalidArguments:
    return InvalidArguments(
        type="parameter_validation_error",
        details=tuple(details),
        outcome=None if tool.risk.read_only else "not_applied",
        hint="Nothing was sent to Conekta. Correct the arguments and call again.",
    )


def _to_detail(problem: ErrorDetails, language: str) -> Detail:
    place = [str(step) for step in problem["loc"]]
    param = to_error_text(".".join(place))
    name = param or "arguments"
    kind = CODE_BY_PROBLEM.get(problem["type"], "invalid")
    path = [*(step for step in place if not step.isdigit()), kind]
    english = _end_sentence(f"{name}: {describe_in_english(problem)}")
    message = _end_sentence(f"{name}: {describe_in_spanish(problem)}") if language == "es" else english
    return Detail(
        code=to_error_text(f"{CODE_PREFIX}.{'.'.join(path)}"),
        message=to_error_text(message),
        debug_message=to_error_text(english),
        param=param,
    )


def _end_sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _build_masked_detail(language: str) -> Detail:
    english = "An argument is masked, as answers show it here (a**@example.com); leave it out, or ask for it."
    spanish = "Un argumento está enmascarado, como aquí se muestran los datos; omítelo, o pregúntalo."
    return Detail(
        code=f"{CODE_PREFIX}.masked.not_allowed",
        message=spanish if language == "es" else english,
        debug_message=english,
    )


def _build_card_number_detail(language: str) -> Detail:
    english = "Card numbers are never accepted here; use a token (tok_) or a stored card (src_)."
    spanish = "Aquí nunca se aceptan números de tarjeta; usa un token (tok_) o una tarjeta guardada (src_)."
    return Detail(
        code=f"{CODE_PREFIX}.card_number.not_allowed",
        message=spanish if language == "es" else english,
        debug_message=english,
    )


CODE_BY_PROBLEM = {
    "missing": "missing",
    "payer_missing": "missing",
    "card_missing": "missing",
    "owner_missing": "missing",
    "nothing_to_pay": "missing",
    "file_missing": "missing",
    "change_missing": "missing",
    "token_missing": "missing",
    "extra_forbidden": "unknown_argument",
    "misspelt_argument": "unknown_argument",
    "int_type": "invalid_datatype",
    "unix_time": "invalid_datatype",
    "bool_type": "invalid_datatype",
    "string_type": "invalid_datatype",
    "list_type": "invalid_datatype",
    "dict_type": "invalid_datatype",
    "model_type": "invalid_datatype",
    "scalar": "invalid_datatype",
    "too_short": "too_short",
    "string_too_short": "too_short",
    "too_long": "too_long",
    "string_too_long": "too_long",
}
