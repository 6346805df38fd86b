"""The files of a multipart body (conekta-api.md 3.2)."""

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

MEDIA_TYPES = ("application/pdf", "image/jpeg", "image/png")
FORM_MEDIA_TYPE = "multipart/form-data"
MAX_PARTS = 100
"""More parts than any request may have, so that too many differ from a broken form."""


@dataclass(frozen=True)
class Upload:
    """One file: the name of its part, its file name, its declared media type, and its bytes."""

    part: str
    name: str
    media_type: str
    content: bytes


Uploads = tuple[Upload, ...]


async def read_uploads(request: Request) -> Uploads | None:
    """Return the files of a multipart request, () for any other, None for an unreadable form."""
    if not request.headers.get("content-type", "").lower().startswith(FORM_MEDIA_TYPE):
        return ()
    try:
        async with request.form(max_files=MAX_PARTS, max_fields=MAX_PARTS) as form:
            return tuple([await _read_upload(part, value) for part, value in form.multi_items()])
    except (HTTPException, KeyError):
        return None


async def _read_upload(part: str, value: UploadFile | str) -> Upload:
    if isinstance(value, str):
        return Upload(part, "", "", value.encode())
    return Upload(part, value.filename or "", value.content_type or "", await value.read())
