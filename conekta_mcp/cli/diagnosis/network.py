"""The doctor's messages about a failed connection: the cause and its fix, in both languages."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit

import anyio

from conekta_mcp.api.failures import SLOW
from conekta_mcp.cli.diagnosis.safeguards import Finding
from conekta_mcp.cli.words.doctor import choose_words
from conekta_mcp.errors import CODE_PREFIX, Failure
from conekta_mcp.server.rendering.argument_messages import find_spanish_message
from conekta_mcp.settings import Settings

POLL_SECONDS = 0.01
CURES = {
    "dns_failed": {
        "en": "Check this computer's DNS, and the name in {place}.",
        "es": "Revisa el DNS de este equipo y el nombre en {place}.",
    },
    "connection_refused": {
        "en": "Check the port in {place}, and whether a firewall stands between.",
        "es": "Revisa el puerto en {place} y si hay un firewall de por medio.",
    },
    "untrusted_certificate": {
        "en": "If your network inspects TLS, save its CA certificate in PEM and use --ca-file.",
        "es": "Si tu red inspecciona TLS, guarda en PEM el certificado de su autoridad y usa --ca-file.",
    },
    "tls_failed": {
        "en": "{place} answers, but not in TLS: check address and port, and proxies on the way.",
        "es": "{place} responde, pero no en TLS: revisa la dirección, el puerto y los proxies en el camino.",
    },
    "proxy_failed": {
        "en": "Check the address, user and password in --proxy.",
        "es": "Revisa la dirección, el usuario y la contraseña en --proxy.",
    },
    "html_answer": {
        "en": "Open {place} in a browser: a captive portal, a proxy or a firewall answers.",
        "es": "Abre {place} en un navegador: responde un portal cautivo, un proxy o un firewall.",
    },
}
OTHER_CURE = {
    "en": "Check the network and {place}; proxies of the environment are not used.",
    "es": "Revisa la red y {place}; no se usan los proxies de las variables del sistema.",
}


class NameLookup:
    """Asks DNS for the host that requests go to.

    In a thread that the end of the process does not wait for: a resolver that hangs cannot be given up
    otherwise, and would keep the doctor longer than it was given.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._host = urlsplit(settings.proxy or settings.base_url).hostname
        self._thread: threading.Thread | None = None

    @property
    def is_waiting(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    async def run(self) -> None:
        """Look the name up, and wait as long as a request may take."""
        if self._settings.sandbox or self._host is None:
            return
        self._thread = threading.Thread(target=_resolve, args=(self._host,), daemon=True)
        self._thread.start()
        with anyio.move_on_after(self._settings.timeout):
            while self.is_waiting:  # noqa: ASYNC110 - a thread sets no event of this loop
                await anyio.sleep(POLL_SECONDS)

    def describe_silence(self) -> Finding:
        """Return the message that DNS did not answer."""
        language, place = self._settings.language, self._settings.proxy or self._settings.base_url
        found = choose_words(language)("dns_slow", seconds=self._settings.timeout, place=self._host)
        cure = CURES["dns_failed"][language].format(place=place)
        return Finding("API", well=False, found=found, fix=cure)


def _resolve(host: str) -> None:
    # An unknown name is reported by the request that follows.
    with contextlib.suppress(OSError):
        socket.getaddrinfo(host, None)


def find_network_failure(failure: Failure, settings: Settings) -> Finding | None:
    """Return the message if no answer of Conekta's came; None if Conekta answered."""
    first = failure.details[0]
    code = (first.code or "").removeprefix(CODE_PREFIX)
    if failure.http_status is not None and code not in CURES:
        return None
    language = settings.language
    if SLOW in str(failure):
        tell = choose_words(language)
        fix = tell("api_slow_fix", place=settings.base_url)
        return Finding("API", well=False, found=tell("api_slow", seconds=settings.timeout), fix=fix)
    message = find_spanish_message(code) if language == "es" else None
    cure = CURES.get(code, OTHER_CURE)[language].format(place=settings.base_url)
    return Finding("API", well=False, found=message or str(failure), fix=cure)
