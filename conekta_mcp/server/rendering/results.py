"""Renders a success or a failure twice, each complete: as text and as structured content."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult, TextContent
from pydantic_core import PydanticSerializationError, to_json

from conekta_mcp.accounts.active_account import ActiveAccount, build_account_note
from conekta_mcp.catalog import Risk, Tool, Toolset
from conekta_mcp.effects.intent_mark import hide_marks, may_have_marks, remove_mark
from conekta_mcp.errors import CODE_PREFIX, Detail, Failure
from conekta_mcp.privacy.secret_fields import has_secret_fields, hide_secrets
from conekta_mcp.privacy.untrusted_text import LINE_BREAKS, is_suspect
from conekta_mcp.redaction import has_possible_secrets, redact_value
from conekta_mcp.results.page import Page
from conekta_mcp.server.rendering.argument_messages import find_spanish_message
from conekta_mcp.server.rendering.hints import find_hint
from conekta_mcp.server.rendering.size_limit import MAX_RENDERED_BYTES, cut_to_fit, remove_unwanted_content
from conekta_mcp.server.rendering.tables import describe_empty_list, to_table

TYPED_MARK = "typed_text"
SETTLED_NOTES = {
    "reading": "The answer was lost on the way; reading showed that it was applied.",
    "resending": "The answer was lost on the way; the same request, sent again with its key, was answered.",
    "person": "The answer was lost on the way; a person noted that it was applied. It is not shown.",
}
"""The notes by how a write was settled."""
Mask = Callable[[dict[str, Any]], dict[str, Any]]


def render_success(
    tool: Tool[Any],
    raw: dict[str, Any],
    *,
    whole: bool = False,
    fields: Sequence[str] | None = None,
    livemode: bool | None,
    acting: ActiveAccount | None = None,
    settled: str = "",
    repeated: bool = False,
    equal_call: Mapping[str, Any] | None = None,
    show: Mask | None = None,
) -> CallToolResult:
    """Render Conekta's object `raw`, curated or, if `whole`, as it came; add `livemode` where it is known.

    `settled` names how a lost answer was settled, `repeated` says that it is the answer of an earlier call,
    `equal_call` that there was an equal one. A list becomes a table, of the columns `fields` if they are
    given. `acting` is the account, where the answer has to name it; `show` masks. Last stands which fields
    people typed, in both parts: some clients show a model nothing but the structured content.
    """
    asked, is_list = tool.risk is Risk.SECRET, not whole and issubclass(tool.output, Page)
    if fields or not is_list:
        raw = hide_marks(raw)
    if whole or fields:
        raw = hide_secrets(raw, asked=asked)
    answer: dict[str, Any] = {"conekta": raw} if whole else tool.output.curate(raw)
    if is_list and may_have_marks(answer):
        # Searched in what is shown, which of a list is a fifth of what Conekta sent.
        answer = tool.output.curate(remove_mark(raw))
    answer = show(answer) if show else answer
    if is_list:
        answer = to_table(answer, show(raw) if show and fields else raw, fields)
        if not answer["rows"] and not answer.get("has_more"):
            answer["empty"] = describe_empty_list(tool)
    if livemode is not None:
        answer.setdefault("livemode", livemode)
    account = build_account_note(acting, {**answer, **raw} if whole else answer) if acting else {}
    answer |= account
    if settled:
        answer["settled"] = SETTLED_NOTES[settled]
    if repeated:
        answer["repeated"] = True
    if equal_call:
        answer["equal_call"] = dict(equal_call)
    answer, text = prepare_answer(answer, asked=asked)
    # Typed text may try to instruct the model; naming its fields marks it as data. Answers of discovery
    # are ours.
    typed = {name: value for name, value in answer.items() if name not in account}
    mark = None if tool.toolset is Toolset.DISCOVERY else _describe_typed_fields(typed)
    if mark:
        answer = {**answer, TYPED_MARK: mark}
        text = f"{text[:-1]},{to_compact_json(TYPED_MARK)}:{to_compact_json(mark)}}}"
    return CallToolResult(content=[TextContent(text=text)], structured_content=answer)


def render_failure(
    failure: Failure,
    tool: Tool[Any] | None,
    language: str,
    *,
    livemode: bool | None,
    acting: ActiveAccount | None = None,
    show: Mask | None = None,
) -> CallToolResult:
    error = to_error_fields(failure, tool, language)
    if failure.earlier and tool is not None:
        error["earlier"], _ = prepare_answer(tool.output.curate(failure.earlier))
    error = show(error) if show else error
    structured: dict[str, Any] = {"error": error}
    if livemode is not None:
        structured["livemode"] = livemode
    if acting is not None:
        structured |= build_account_note(acting, structured)
    text = render_error_text(error, {name: told for name, told in structured.items() if name != "error"})
    return CallToolResult(is_error=True, content=[TextContent(text=text)], structured_content=structured)


def add_note(answer: CallToolResult, note: str) -> None:
    """Add how the arguments were read to both parts of an answer, after an existing note."""
    structured = answer.structured_content
    if not structured or not note:
        return
    earlier = structured.get("note")
    structured["note"] = f"{note} {earlier}" if earlier else note
    first = answer.content[0]
    if isinstance(first, TextContent):
        told = first.text.removesuffix(f"\nnote: {earlier}") + f"\nnote: {structured['note']}"
        answer.content[0] = TextContent(text=told if answer.is_error else to_compact_json(structured))


def to_error_fields(failure: Failure, tool: Tool[Any] | None, language: str) -> dict[str, Any]:
    """Return the fields of `error`, in the order of docs/errors.md, without nulls."""
    details = [_to_detail_fields(detail, language) for detail in failure.details]
    fields = {
        "type": failure.type,
        "http_status": failure.http_status,
        **details[0],
        "details": details if len(details) > 1 else None,
        "log_id": failure.log_id,
        "retryable": failure.retryable,
        "retry_after_s": failure.retry_after_s,
        "outcome": failure.outcome,
        "hint": find_hint(failure, tool),
        "created": failure.created or None,
        "current": failure.current or None,
        "repeated": failure.repeated or None,
        "preview": failure.preview or None,
        "idempotency_key": failure.idempotency_key,
    }
    return {name: value for name, value in fields.items() if value is not None}


def render_error_text(error: dict[str, Any], more: dict[str, Any]) -> str:
    """Return the same fields as text, the outcome first, for clients that show only text."""
    status = f" (HTTP {error['http_status']})" if "http_status" in error else ""
    message = error.get("message") or error.get("debug_message") or error["type"]
    lines = [f"Error{status}: {_to_one_line(message)}"]
    skipped = {"message", "http_status"}
    lines += [f"{name}: {_to_one_line(value)}" for name, value in error.items() if name not in skipped]
    lines += [f"{name}: {_to_one_line(value)}" for name, value in more.items()]
    return "\n".join(lines)


def prepare_answer(answer: dict[str, Any], *, asked: bool = False) -> tuple[dict[str, Any], str]:
    """Return an answer and its text: cleaned, limited in size, without secrets but those `asked` for."""
    # The checks below search the JSON text; values are walked, which is slow, only where one finds something.
    try:
        text = to_json(answer)
    except PydanticSerializationError:
        # Half of a surrogate pair cannot be written as UTF-8; clean_answer takes it out.
        text = b""
    if not text or is_suspect(text):
        from conekta_mcp.privacy.typed_fields import clean_answer

        answer = clean_answer(answer)
        text = to_json(answer)
    if has_secret_fields(text):
        answer = hide_secrets(answer, asked=asked)
        text = to_json(answer)
    if has_possible_secrets(text):
        answer = redact_value(answer)
        text = to_json(answer)
    fitting = remove_unwanted_content(answer, text)
    fitting = cut_to_fit(fitting) if len(text) > MAX_RENDERED_BYTES else fitting
    return (answer, text.decode()) if fitting is answer else (fitting, to_json(fitting).decode())


def _describe_typed_fields(answer: dict[str, Any]) -> str | None:
    # The table of fields is loaded for the first answer: a start, and a list of tools, do without.
    from conekta_mcp.privacy.typed_fields import describe_typed_fields

    return describe_typed_fields(answer)


def to_compact_json(value: object) -> str:
    return to_json(value).decode()


def _to_one_line(value: object) -> str:
    return LINE_BREAKS.sub(" ", value) if isinstance(value, str) else to_compact_json(value)


def _to_detail_fields(detail: Detail, language: str) -> dict[str, str]:
    message, debug = detail.message, detail.debug_message
    code = detail.code or ""
    spanish = (
        find_spanish_message(code.removeprefix(CODE_PREFIX))
        if language == "es" and code.startswith(CODE_PREFIX)
        else None
    )
    if spanish:
        message, debug = spanish, message
    fields = {"code": detail.code, "message": message, "debug_message": debug, "param": detail.param}
    return {name: value for name, value in fields.items() if value}
