"""Turns the Markdown files in prompts/ into MCP prompts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from mcp import MCPError
from mcp.types import INVALID_PARAMS, GetPromptResult, Prompt, PromptArgument, PromptMessage, TextContent

from conekta_mcp.redaction import KEY, has_card_number, name_in_error
from conekta_mcp.settings.table import LANGUAGES

ID_KINDS = ("customer_id", "order_id")
HEADER_TEXTS = ("title", "title.es", "description")
HEADER_GRAMMAR = "title, title.es, description, argument NAME (required|optional), completes"
MAX_VALUE_CHARACTERS = 2000
ARGUMENT = re.compile(r"argument ([a-z][a-z_]*) \((required|optional)\)")
PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")


class PromptFileError(ValueError):
    """A prompt file cannot be parsed; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    description: str
    required: bool
    completes: str | tuple[str, ...] | None = None


LANGUAGE_ARGUMENT = Argument("language", "Language: es (default) or en.", required=False, completes=LANGUAGES)


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A prompt as its file declares it; every prompt also has a language argument."""

    name: str
    title: str
    description: str
    arguments: tuple[Argument, ...]
    bodies: Mapping[str, str]

    def to_prompt(self) -> Prompt:
        takes = self.arguments
        arguments = [
            PromptArgument(name=a.name, description=a.description, required=a.required) for a in takes
        ]
        return Prompt(name=self.name, title=self.title, description=self.description, arguments=arguments)

    def render(self, arguments: Mapping[str, str] | None) -> GetPromptResult:
        values = self._validate_arguments(arguments or {})
        language = values.pop(LANGUAGE_ARGUMENT.name, LANGUAGES[0])
        if language not in LANGUAGES:
            raise self._build_error(
                f'argument "{LANGUAGE_ARGUMENT.name}" must be one of: {", ".join(LANGUAGES)}'
            )
        text = TextContent(text=fill_body(self.bodies[language], values))
        message = PromptMessage(role="user", content=text)
        return GetPromptResult(description=self.description, messages=[message])

    def get_completion_source(self, argument_name: str) -> str | tuple[str, ...] | None:
        """Return the kind of id to search for, or the values themselves if they are few and known."""
        return next((a.completes for a in self.arguments if a.name == argument_name), None)

    def _validate_arguments(self, arguments: Mapping[str, str]) -> dict[str, str]:
        if unknown := sorted(arguments.keys() - {a.name for a in self.arguments}):
            raise self._build_error(f'there is no argument "{name_in_error(clean_value(unknown[0]))[:50]}"')
        for name, raw in arguments.items():
            if has_card_number(raw):
                raise self._build_error(f'argument "{name}" must not hold a card number')
            if KEY.search(raw):
                raise self._build_error(f'argument "{name}" must not hold an API key')
        values = {name: value for name, raw in arguments.items() if (value := clean_value(raw))}
        for argument in self.arguments:
            if argument.required and argument.name not in values:
                raise self._build_error(f'argument "{argument.name}" is required: {argument.description}')
        return values

    def _build_error(self, problem: str) -> MCPError:
        takes = ", ".join(f"{a.name} ({'required' if a.required else 'optional'})" for a in self.arguments)
        return MCPError(INVALID_PARAMS, f"Prompt {self.name}: {problem.rstrip('.')}. It takes: {takes}.")


def clean_value(value: str) -> str:
    """Return one line of printable text, so that a value cannot look like lines of the prompt."""
    # Category C: control, format and private characters, some of which reorder or hide text.
    visible = "".join(c for c in value if c.isspace() or unicodedata.category(c)[0] != "C")
    line = " ".join(visible.split())
    return line if len(line) <= MAX_VALUE_CHARACTERS else line[: MAX_VALUE_CHARACTERS - 1] + "…"


def fill_body(body: str, values: Mapping[str, str]) -> str:
    """Return the body without lines whose arguments are missing; insert each value once and literally."""
    kept = [line for line in body.splitlines() if set(PLACEHOLDER.findall(line)) <= values.keys()]
    # In one pass, so that braces inside a value are not filled in again.
    return PLACEHOLDER.sub(lambda found: values[found[1]], "\n".join(kept))


class Prompts:
    """The prompts of one server, read from their files on first use."""

    @cached_property
    def _files(self) -> Mapping[str, PromptFile]:
        return load_prompts()

    def list_all(self) -> list[Prompt]:
        return [prompt.to_prompt() for prompt in self._files.values()]

    def render(self, name: str, arguments: Mapping[str, str] | None) -> GetPromptResult:
        """Return the text of a prompt; raise MCPError for an unknown one."""
        prompt = self._files.get(name)
        if prompt is None:
            raise MCPError(INVALID_PARAMS, f"Unknown prompt: {name_in_error(name)}")
        return prompt.render(arguments)

    def get_completion_source(self, name: str, argument: str) -> str | tuple[str, ...] | None:
        prompt = self._files.get(name)
        return prompt.get_completion_source(argument) if prompt else None


def load_prompts(folder: Traversable | None = None) -> dict[str, PromptFile]:
    """Return all prompts by name, from the installed package or else from the checkout around it."""
    if folder is None:
        folder = find_first_folder(files("conekta_mcp") / "prompts", Path(__file__).parents[2] / "prompts")
    found = {
        entry.name.removesuffix(".md"): entry for entry in folder.iterdir() if entry.name.endswith(".md")
    }
    return {name: parse_prompt(name, decode_file(found[name])) for name in sorted(found)}


def find_first_folder(*places: Traversable) -> Traversable:
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"No prompts folder at {' or '.join(map(str, places))}")


def decode_file(entry: Traversable) -> str:
    content = entry.read_bytes()
    try:
        # Editors on Windows begin files with a byte order mark, which this codec drops.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        line = Line(entry.name, content[: cause.start].count(b"\n") + 1, "")
        raise line.build_error("this is not UTF-8 text") from cause


class Line(NamedTuple):
    file: str
    number: int
    text: str

    def build_error(self, problem: str) -> PromptFileError:
        return PromptFileError(f"prompts/{self.file}:{self.number}: {problem}")


def parse_prompt(name: str, text: str) -> PromptFile:
    start = Line(f"{name}.md", 1, "")
    head, bodies = split_sections(start.file, text)
    texts, arguments = parse_header(head)
    if missing := [key for key in HEADER_TEXTS if key not in texts]:
        raise start.build_error(f'there is no "{missing[0]}: ..." line')
    return PromptFile(
        name=name,
        title=f"{texts['title.es']} · {texts['title']}",
        description=texts["description"],
        arguments=(*arguments.values(), LANGUAGE_ARGUMENT),
        bodies={name: check_body(bodies.get(name, []), name, arguments, start) for name in LANGUAGES},
    )


def split_sections(file: str, text: str) -> tuple[list[Line], dict[str, list[Line]]]:
    head: list[Line] = []
    bodies: dict[str, list[Line]] = {}
    current = head
    for number, content in enumerate(text.splitlines(), 1):
        line = Line(file, number, content.rstrip())
        if not line.text.startswith("---"):
            current.append(line)
            continue
        language = line.text[3:].strip()
        if language not in LANGUAGES or language in bodies:
            raise line.build_error('expected "--- es" or "--- en", each once')
        current = bodies[language] = []
    return head, bodies


def parse_header(lines: list[Line]) -> tuple[dict[str, str], dict[str, Argument]]:
    texts: dict[str, str] = {}
    arguments: dict[str, Argument] = {}
    for line in filter(lambda line: line.text, lines):
        key, _, text = (part.strip() for part in line.text.partition(":"))
        declared = ARGUMENT.fullmatch(key)
        if key in texts or (declared and declared[1] in {*arguments, LANGUAGE_ARGUMENT.name}):
            raise line.build_error(f'"{key}" is there already')
        if declared and text:
            arguments[declared[1]] = Argument(declared[1], text, declared[2] == "required")
        elif key == "completes" and text in ID_KINDS and arguments:
            name, argument = arguments.popitem()
            arguments[name] = replace(argument, completes=text)
        elif key in HEADER_TEXTS and text:
            texts[key] = text
        else:
            raise line.build_error(f"expected one of: {HEADER_GRAMMAR}")
    return texts, arguments


def check_body(lines: list[Line], language: str, arguments: Mapping[str, Argument], start: Line) -> str:
    unused = set(arguments)
    for line in lines:
        names = set(PLACEHOLDER.findall(line.text))
        if not names <= arguments.keys() or not set("{}").isdisjoint(PLACEHOLDER.sub("", line.text)):
            raise line.build_error("braces are only for {arguments} declared above")
        unused -= names
    body = "\n".join(line.text for line in lines).strip()
    if not body:
        raise start.build_error(f'there is no text under "--- {language}"')
    if unused:
        raise start.build_error(f'the body "--- {language}" does not use: {", ".join(sorted(unused))}')
    return body
