"""Notes about a call in both parts of its answer."""

from typing import TypeVar

from mcp.types import CallToolResult, TextContent

Answer = TypeVar("Answer")

REPLACED = "\ufffd"
NOTES = {
    "unreadable_text": {
        "en": "Some text came cut or broken, such as half of an emoji; each such place was read as \ufffd.",
        "es": "Algún texto llegó cortado o roto, como medio emoji; cada lugar así se leyó como \ufffd.",
    }
}
"""Each note in the languages of `--language`."""


def note_unreadable_text(result: Answer, arguments: object, language: str) -> Answer:
    """Add a note if arguments contain U+FFFD, which replaces unreadable characters."""
    if not isinstance(result, CallToolResult) or REPLACED not in str(arguments):
        return result
    note = NOTES["unreadable_text"][language]
    if result.structured_content is not None:
        earlier = result.structured_content.get("note")
        result.structured_content = {
            **result.structured_content,
            "note": f"{earlier} {note}" if earlier else note,
        }
    result.content = [*result.content, TextContent(text=note)]
    return result
