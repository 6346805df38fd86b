"""Distinguishes requests of our own pages from requests that other sites cause."""

from starlette.requests import Request

HOSTS = ("127.0.0.1", "localhost")


def is_own_host(request: Request, port: int) -> bool:
    """Tell whether a request names this computer and port as its host."""
    return request.headers.get("host", "").lower() in {f"{host}:{port}" for host in HOSTS}


def is_same_origin(request: Request, port: int) -> bool:
    """Return whether a page of this host and port caused a request.

    Browsers say so in Sec-Fetch-Site; they send `Origin: null` with the forms of pages that, like ours, name
    no referrer. Without Sec-Fetch-Site the Origin has to be ours.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    is_own = origin is not None and origin.lower() == f"http://{request.headers.get('host', '').lower()}"
    if site is None:
        return is_own and is_own_host(request, port)
    return site == "same-origin" and (is_own or origin in {None, "null"})
