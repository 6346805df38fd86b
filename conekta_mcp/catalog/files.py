"""Files as arguments: a path in the operator's folder, or the content; checked before sending."""

import binascii
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Annotated, Any, Protocol, Self, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog.endpoint import Endpoint, File, Request
from conekta_mcp.catalog.fields import Maybe, require_shape
from conekta_mcp.catalog.inputs import Input, Part
from conekta_mcp.catalog.tool import Operation, Tool
from conekta_mcp.errors import CODE_PREFIX, Detail, InvalidArguments

REFUSAL_HINT = "Nothing was sent to Conekta. Correct the arguments and call again."
MAGIC_BYTES: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
EXTENSIONS: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
REFUSALS: Mapping[str, str] = {
    "files_folder_not_set": (
        "No folder is set to read files from: the operator sets CONEKTA_MCP_FILES or --files. Or send base64."
    ),
    "file_outside_folder": "The path is not inside the operator's folder.",
    "file_not_found": "There is no such file in the operator's folder, or it cannot be read.",
    "file_not_regular": "The path is not a regular file.",
    "file_empty": "The file is empty.",
    "file_too_large": "The file is larger than this tool may send.",
    "file_type_not_allowed": "Only PDF, JPEG and PNG files, whose content is what their name says.",
    "file_not_base64": "The content is not base64.",
}
"""Each refusal in English; server/rendering/argument_messages.py has the Spanish."""

FileName = Annotated[
    str,
    StringConstraints(max_length=200),
    AfterValidator(
        require_shape("file_name", r'[^/\\"\x00-\x1f\x7f]+\.[A-Za-z]{3,4}', "a file name such as id.pdf")
    ),
]


class FileReader(Protocol):
    """Reads files that the operator allows; implemented in `conekta_mcp.api.folder`."""

    def read(self, path: str, at_most: int, param: str) -> bytes:
        """Return the content of a file of at most so many bytes; `param` is the name of the argument.

        Raises:
            InvalidArguments: one of REFUSALS, by `refused`.
        """
        ...


class DisabledFileReader:
    """The reader if the operator allows no files."""

    def read(self, path: str, at_most: int, param: str) -> bytes:  # noqa: ARG002 - a FileReader
        raise build_refusal("files_folder_not_set", param)


class FileFields(Part):
    """The arguments of one file: its path or its content."""

    path: Annotated[Maybe[str], Field(min_length=1, max_length=1000, description="In the files folder")] = (
        None
    )
    base64: Annotated[Maybe[str], Field(min_length=1, description="Or the content")] = None
    name: Annotated[Maybe[FileName], Field(description="With base64, such as id.pdf")] = None

    @model_validator(mode="after")
    def _require_one_file(self) -> Self:
        if self.path is None and (self.base64 is None or self.name is None):
            raise PydanticCustomError("file_missing", "path, or base64 and name, are needed")
        if self.path is not None and self.base64 is not None:
            raise PydanticCustomError(
                "contradiction", "{one} cannot go together with {others}", {"one": "path", "others": "base64"}
            )
        return self

    def read_file(self, reader: FileReader, at_most: int, place: str = "") -> File:
        """Return the file of at most so many bytes; `place` prefixes the arguments, such as "files.0.".

        Raises:
            InvalidArguments: one of REFUSALS.
        """
        if self.path is None:
            param, name, content = (
                "base64",
                self.name or "",
                _decode_base64(self.base64 or "", at_most, place),
            )
        else:
            param, name = "path", self.name or PurePath(self.path).name
            content = reader.read(self.path, at_most, f"{place}path")
        if not content:
            raise build_refusal("file_empty", place + param)
        if len(content) > at_most:
            raise build_refusal("file_too_large", place + param)
        media_type = EXTENSIONS.get(PurePath(name).suffix.lower())
        if media_type is None or not content.startswith(MAGIC_BYTES[media_type]):
            raise build_refusal("file_type_not_allowed", place + param)
        return File(name, content, media_type)


class FileInput(Input):
    """The arguments of a tool that sends files."""

    def build_request(self, endpoint: Endpoint, reader: FileReader) -> Request:
        """Return the request, with the files that `reader` reads."""
        raise NotImplementedError


Arguments = TypeVar("Arguments", bound=FileInput)


@dataclass(frozen=True, kw_only=True)
class UploadOperation(Operation[Arguments]):
    """An operation that sends files; `with_files` gives it the operator's reader."""

    reader: FileReader = field(default_factory=DisabledFileReader)

    def build_request(self, arguments: Arguments) -> Request:
        return arguments.build_request(self.endpoint, self.reader)


def attach_file_reader(tools: Iterable[Tool[Any]], reader: FileReader) -> tuple[Tool[Any], ...]:
    """Return `tools` with the reader in those that send files."""
    return tuple(
        replace(tool, reader=reader) if isinstance(tool, UploadOperation) else tool for tool in tools
    )


def build_refusal(name: str, param: str) -> InvalidArguments:
    """Return the refusal of this name; nothing was sent."""
    detail = Detail(
        code=CODE_PREFIX + name, message=REFUSALS[name], debug_message=REFUSALS[name], param=param
    )
    return InvalidArguments(
        type="parameter_validation_error", details=(detail,), outcome="not_applied", hint=REFUSAL_HINT
    )


def _decode_base64(text: str, at_most: int, place: str) -> bytes:
    if len(text) > (at_most + 2) // 3 * 4:
        raise build_refusal("file_too_large", f"{place}base64")
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise build_refusal("file_not_base64", f"{place}base64") from None
