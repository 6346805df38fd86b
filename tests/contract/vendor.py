"""Reads Conekta's OpenAPI file: its operations, and the schemas of their fields."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema

from conekta_mcp.catalog import Operation

METHODS = ("get", "post", "put", "patch", "delete")
Route = tuple[str, str]
Node = Mapping[str, Any]


def anonymous(path: str) -> str:
    """A path template whose parameters have no names."""
    return re.sub(r"{[^}]*}", "{}", path)


def route(operation: Operation[Any]) -> Route:
    return operation.endpoint.method, anonymous(operation.endpoint.template)


class Vendor:
    """The file, with its references followed."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self.operations: dict[Route, Node] = {
            (method.upper(), anonymous(path)): item[method]
            for path, item in document["paths"].items()
            for method in METHODS
            if method in item
        }
        self._checkers: dict[Route, jsonschema.Draft202012Validator] = {}

    def checker(self, of: Route) -> jsonschema.Draft202012Validator:
        """Checks the bodies of an operation."""
        body = self.body(of)
        assert body is not None
        return self._checkers.setdefault(of, jsonschema.Draft202012Validator(self.strict(body)))

    def resolved(self, node: Node) -> Node:
        while "$ref" in node:
            target: Any = self._document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def query(self, of: Route) -> dict[str, Node]:
        """The query parameters of an operation, by name, and the schema of each."""
        parameters = map(self.resolved, self.operations.get(of, {}).get("parameters", []))
        return {one["name"]: self.resolved(one["schema"]) for one in parameters if one["in"] == "query"}

    def body(self, of: Route) -> Node | None:
        """The schema of an operation's body."""
        if "requestBody" not in self.operations.get(of, {}):
            return None
        content = self.resolved(self.operations[of]["requestBody"])["content"]
        schema: Node = content["application/json"]["schema"]
        return schema

    def needs_body(self, of: Route) -> bool:
        """Whether an operation is refused without a body."""
        return bool(self.resolved(self.operations[of].get("requestBody", {})).get("required"))

    def arms(self, node: Node) -> Iterator[Node]:
        """The schema itself and every part and alternative of it."""
        node = self.resolved(node)
        yield node
        for word in ("allOf", "oneOf", "anyOf"):
            for arm in node.get(word, []):
                yield from self.arms(arm)

    def find(self, node: Node, path: str) -> list[Node]:
        """What is said about `address.street1` or `charges[].amount`, wherever in its alternatives."""
        found = [self.resolved(node)]
        for step in path.split("."):
            name = step.removesuffix("[]")
            inner = [
                arm["properties"][name]
                for one in found
                for arm in self.arms(one)
                if name in arm.get("properties", {})
            ]
            if step.endswith("[]"):
                inner = [arm["items"] for one in inner for arm in self.arms(one) if "items" in arm]
            found = [self.resolved(one) for one in inner]
        return found

    def strict(self, node: Node) -> dict[str, Any]:
        """A JSON schema of `node` for jsonschema: references in place, and no unknown field anywhere.

        Alternatives may overlap (a CLABE and a cash reference are asked for alike), so oneOf is read as
        anyOf; closing is done by `unevaluatedProperties`.
        """
        copied = self._copied(self.resolved(node))
        return self._closed(copied)

    def _copied(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._copied(one) for one in node]
        if not isinstance(node, Mapping):
            return node
        dropped = {
            "example",
            "examples",
            "discriminator",
            "nullable",
            "title",
            "description",
            "format",
            "default",
        }
        node = self.resolved(node)
        kept: dict[str, Any] = {}
        for key, value in node.items():
            if key == "properties":
                kept[key] = {name: self._copied(one) for name, one in value.items()}
            elif key == "additionalProperties" and value == {"type": "object"}:
                kept[key] = True  # of fiscal entities' metadata: everywhere else the values are scalars
            elif key not in dropped:
                kept["anyOf" if key == "oneOf" else key] = self._copied(value)
        return kept

    def _closed(self, node: Any, *, part: bool = False) -> Any:
        if not isinstance(node, dict):
            return node
        closed = {key: self._closed_member(key, value) for key, value in node.items()}
        is_object = {"properties", "allOf", "anyOf"} & node.keys() and "additionalProperties" not in node
        return {**closed, "unevaluatedProperties": False} if is_object and not part else closed

    def _closed_member(self, key: str, value: Any) -> Any:
        if key == "properties":
            return {name: self._closed(one) for name, one in value.items()}
        if key in {"allOf", "anyOf"}:
            return [self._closed(one, part=True) for one in value]
        return self._closed(value) if key == "items" else value
