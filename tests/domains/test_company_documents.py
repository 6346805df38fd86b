"""Files as arguments: only from the operator's folder, only what is asked for, or nothing is sent."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio
OWN = "conekta_mcp.errors."
PDF = b"%PDF-1.7 nota"
JPEG, PNG = b"\xff\xd8\xff\xe0..", b"\x89PNG\r\n\x1a\n.."
LARGEST = 5 * 1024 * 1024
GIVEN = {"company_id": "6a0000000000000000000001", "file_classification": "cfdi"}
SPANISH = {
    "files_folder_not_set": (
        "No hay carpeta de la cual leer archivos: el operador define CONEKTA_MCP_FILES o --files. "
        "O envía base64."
    ),
    "file_outside_folder": "La ruta no está dentro de la carpeta del operador.",
    "file_not_found": "No existe ese archivo en la carpeta del operador, o no se puede leer.",
    "file_not_regular": "La ruta no es un archivo regular.",
    "file_empty": "El archivo está vacío.",
    "file_too_large": "El archivo es más grande de lo que esta herramienta puede enviar.",
    "file_type_not_allowed": "Solo archivos PDF, JPEG y PNG, cuyo contenido sea lo que dice su nombre.",
    "file_not_base64": "El contenido no es base64.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files, beside a secret and a folder whose name begins the same."""
    inside = tmp_path / "files"
    (inside / "sub").mkdir(parents=True)
    (tmp_path / "files-too").mkdir()
    for place in ("secret.pdf", "files-too/secret.pdf", "files/nota.pdf", "files/sub/nota.pdf"):
        (tmp_path / place).write_bytes(PDF)
    return inside


@pytest.fixture
def upload(client_for: Any, folder: Path) -> Any:
    """Call the tool with a file, and give the name and the content that left, or the error."""

    async def call(files_folder: str | None = str(folder), **given: Any) -> Any:
        answer = httpx.Response(201, json={"status": "uploaded"})
        async with client_for(answer, files_folder=files_folder) as (client, sent):
            result = await client.call_tool("upload_company_document", {**GIVEN, **given})
        if result.is_error:
            assert sent == []
            return result.structured_content["error"]
        body = json.loads(sent[0].content)
        return body["file_name"], body["content_type"], base64.b64decode(body["file_data"])

    return call


def refusal(name: str, param: str) -> dict[str, Any]:
    from conekta_mcp.catalog.files import REFUSALS

    return {
        "type": "parameter_validation_error",
        "code": OWN + name,
        "message": SPANISH[name],
        "debug_message": REFUSALS[name],
        "param": param,
        "retryable": False,
        "outcome": "not_applied",
        "hint": "Nothing was sent to Conekta. Correct the arguments and call again.",
    }


def test_every_refusal_has_its_spanish() -> None:
    from conekta_mcp.catalog.files import REFUSALS
    from conekta_mcp.server.rendering.argument_messages import SPANISH_BY_CODE

    assert {name: SPANISH_BY_CODE[name] for name in REFUSALS} == SPANISH


@pytest.mark.parametrize("path", ["nota.pdf", "sub/nota.pdf", "sub/../nota.pdf", "./nota.pdf"])
async def test_a_file_inside_the_folder_is_sent(upload: Any, path: str) -> None:
    assert await upload(path=path) == ("nota.pdf", "application/pdf", PDF)


async def test_an_absolute_path_inside_and_a_name_of_ones_own_are_fine(upload: Any, folder: Path) -> None:
    path = str(folder / "sub" / "nota.pdf")
    assert await upload(path=path, name="cédula fiscal.PDF") == ("cédula fiscal.PDF", "application/pdf", PDF)


async def test_a_link_that_stays_inside_is_followed(upload: Any, folder: Path) -> None:
    (folder / "link.pdf").symlink_to(folder / "sub" / "nota.pdf")
    assert await upload(path="link.pdf") == ("link.pdf", "application/pdf", PDF)


async def test_without_a_folder_no_path_is_read(upload: Any, folder: Path) -> None:
    path = str(folder / "nota.pdf")
    assert await upload(files_folder=None, path=path) == refusal("files_folder_not_set", "path")


@pytest.mark.parametrize(
    "path",
    ["../secret.pdf", "sub/../../secret.pdf", "/etc/passwd", "../files-too/secret.pdf", "..", "~/../.."],
)
async def test_a_path_that_leads_outside_is_refused(upload: Any, path: str) -> None:
    assert await upload(path=path) == refusal("file_outside_folder", "path")


@pytest.mark.parametrize("target", ["secret.pdf", "files-too/secret.pdf", "nowhere.pdf"])
async def test_a_link_that_leads_outside_is_refused(upload: Any, folder: Path, target: str) -> None:
    (folder / "link.pdf").symlink_to(folder.parent / target)
    (folder / "away").symlink_to(folder.parent)
    assert await upload(path="link.pdf") == refusal("file_outside_folder", "path")
    assert await upload(path=f"away/{target}") == refusal("file_outside_folder", "path")


@pytest.mark.parametrize("path", ["nowhere.pdf", "nota.pdf/x.pdf", "a\x00b.pdf", "x" * 300, "loop.pdf"])
async def test_what_is_not_there_is_refused(upload: Any, folder: Path, path: str) -> None:
    (folder / "loop.pdf").symlink_to(folder / "loop.pdf")
    assert await upload(path=path) == refusal("file_not_found", "path")


@pytest.mark.parametrize("path", ["sub", ".", "pipe.pdf"])
async def test_what_is_not_a_regular_file_is_refused_without_waiting(
    upload: Any, folder: Path, path: str
) -> None:
    os.mkfifo(folder / "pipe.pdf")
    assert await upload(path=path) == refusal("file_not_regular", "path")


async def test_an_empty_file_is_refused(upload: Any, folder: Path) -> None:
    (folder / "empty.pdf").write_bytes(b"")
    assert await upload(path="empty.pdf") == refusal("file_empty", "path")


async def test_the_largest_file_is_sent_and_a_larger_one_refused(upload: Any, folder: Path) -> None:
    content = PDF.ljust(LARGEST, b"x")
    (folder / "large.pdf").write_bytes(content)
    (folder / "larger.pdf").write_bytes(content + b"x")
    assert await upload(path="large.pdf") == ("large.pdf", "application/pdf", content)
    assert await upload(path="larger.pdf") == refusal("file_too_large", "path")
    for one_more, outcome in [(b"", ("a.pdf", "application/pdf", content)), (b"x", None), (b"xxx", None)]:
        text = base64.b64encode(content + one_more).decode()
        answer = await upload(base64=text, name="a.pdf")
        assert answer == (outcome or refusal("file_too_large", "base64"))


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.JPG", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.png", PNG, "image/png"),
    ],
)
async def test_three_types_are_told_by_name_and_content(
    upload: Any, folder: Path, name: str, content: bytes, media_type: str
) -> None:
    (folder / name).write_bytes(content)
    text = base64.b64encode(content).decode()
    assert await upload(path=name) == (name, media_type, content)
    assert await upload(base64=text, name=name) == (name, media_type, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", PDF),
        ("a.pdf", PNG),
        ("a.png", PDF),
        ("a.jpg", b"\xff\xd8"),
        ("a.pdf", b"<html>"),
        ("pdf", PDF),
    ],
)
async def test_any_other_type_and_a_false_name_are_refused(
    upload: Any, folder: Path, name: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)
    assert await upload(path=name) == refusal("file_type_not_allowed", "path")


@pytest.mark.parametrize(
    "text", ["no base64!", "JVBERi0", "ñ", f"data:application/pdf;base64,{'A' * 8}", "A\nA="]
)
async def test_what_is_not_base64_is_refused(upload: Any, text: str) -> None:
    assert await upload(base64=text, name="a.pdf") == refusal("file_not_base64", "base64")


@pytest.mark.parametrize("given", [{}, {"base64": "JVBERi0="}, {"name": "a.pdf"}])
async def test_a_file_is_a_path_or_base64_with_a_name(upload: Any, given: Any) -> None:
    error = await upload(**given)
    assert (error["code"], error["message"], error["debug_message"]) == (
        "conekta_mcp.errors.parameter_validation.missing",
        "arguments: hace falta path, o base64 y name.",
        "arguments: path, or base64 and name, are needed.",
    )


async def test_a_file_is_not_both(upload: Any) -> None:
    error = await upload(path="nota.pdf", base64="JVBERi0=", name="a.pdf")
    assert error["message"] == "arguments: path no va junto con base64."


async def test_a_file_among_several_is_named_by_its_place(client_for: Any, folder: Path) -> None:
    (folder / "large.pdf").write_bytes(PDF.ljust(2 * 1024 * 1024 + 1, b"x"))
    ids = {"charge_id": "6a0000000000000000000001", "chargeback_id": "chbk_1"}
    files = [
        {"evidence_type": "contract", "path": "nota.pdf"},
        {"evidence_type": "order_details", "path": "large.pdf"},
    ]
    async with client_for(AssertionError("sent"), files_folder=str(folder)) as (client, sent):
        result = await client.call_tool("submit_chargeback_evidence", {**ids, "files": files})
    assert (result.structured_content["error"], sent) == (refusal("file_too_large", "files.1.path"), [])
