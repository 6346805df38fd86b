"""Asks the person at a terminal about one approval, and stores the answer."""

import getpass
import os
from dataclasses import dataclass
from typing import Literal

import anyio

from conekta_mcp.audit.file import open_sink
from conekta_mcp.audit.log import AuditLog
from conekta_mcp.cli.approving.text import find_state, format_state, format_whole
from conekta_mcp.cli.terminal import Terminal, load_module
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.errors import AnswerUnrecorded
from conekta_mcp.pages.approvers.approver import normalize_name
from conekta_mcp.pages.approvers.attempts import SignInAttempts
from conekta_mcp.pages.approvers.file import open_approvers
from conekta_mcp.pages.approvers.passphrases import Passphrases
from conekta_mcp.pages.wording import bind_page_texts
from conekta_mcp.settings import Settings
from conekta_mcp.storage.protocol import Store

YES, NO = frozenset({"sí", "si", "yes"}), frozenset({"no"})
"""The accepted words in both languages; a single letter could be typed by mistake."""
HERE = "terminal"
"""The key under which sign-in attempts at a terminal are counted."""

Typed = Literal["yes", "no", "nothing"]
Ending = Literal["approved", "declined", "unanswered", "elsewhere", "refused"]
"""unanswered: neither yes nor no was typed; refused: this person may not answer here."""

WORDS = {
    "es": {
        "yes": "Para aprobar escribe sí; para rechazar, no. Enter solo no hace nada: ",
        "no": "Para rechazar escribe no. Enter solo no hace nada: ",
        "approved": "Aprobado. La llamada lo hace una vez, en cuanto siga o se repita.",
        "declined": "Rechazado. No se hace nada.",
        "unanswered": "Sin respuesta: la pregunta sigue abierta.",
        "elsewhere": "Ya no se puede responder: {state}.",
        "closed": "El servidor que pregunta no acepta respuestas de una terminal (--approval-channels).",
        "name": "Nombre de quien aprueba: ",
        "passphrase": "Frase de acceso: ",
        "wrong": "Ese nombre y esa frase de acceso no van juntos.",
        "departed": "Ya no puedes responder así: los aprobadores cambiaron. Empieza otra vez y entra.",
        "slow": "Demasiados intentos: espera {minutes} min.",
        "four_eyes": "Con --four-eyes no apruebas lo que pide una llave tuya: que responda otra persona.",
        "nobody": "Con --four-eyes aprueba quien inicia sesión (conekta-mcp approvers add).",
    },
    "en": {
        "yes": "Type yes to approve, or no to decline. Enter alone does nothing: ",
        "no": "Type no to decline. Enter alone does nothing: ",
        "approved": "Approved. The call does it once, as soon as it goes on or is made again.",
        "declined": "Declined. Nothing is done.",
        "unanswered": "Not answered: the question stays open.",
        "elsewhere": "It can no longer be answered: {state}.",
        "closed": "The server that asks takes no answer from a terminal (--approval-channels).",
        "name": "Name of the approver: ",
        "passphrase": "Passphrase: ",
        "wrong": "That name and passphrase do not belong together.",
        "departed": "You can no longer answer like this: the approvers changed. Begin again and sign in.",
        "slow": "Too many attempts: wait {minutes} min.",
        "four_eyes": "With --four-eyes you do not approve what your key asks: let somebody else answer.",
        "nobody": "With --four-eyes an approver signs in to say yes (conekta-mcp approvers add).",
    },
}


@dataclass(frozen=True, kw_only=True)
class Answerer:
    """The person at the terminal."""

    name: str
    keys: tuple[str, ...] = ()
    """The fingerprints of the keys that are theirs."""
    stamp: str | None = None
    """Of the approver who has signed in (Approver.stamp); None where there are no approvers."""

    @property
    def is_signed_in(self) -> bool:
        return self.stamp is not None


class TerminalAnswers:
    """Lets the person at a terminal answer."""

    def __init__(
        self, terminal: Terminal, store: Store, settings: Settings, pending: PendingApprovals | None = None
    ) -> None:
        self._terminal, self._store, self._settings = terminal, store, settings
        self._language = settings.language
        self._words = WORDS[settings.language]
        self.pending = pending or PendingApprovals(store, AuditLog(open_sink(settings.audit, lambda: store)))

    async def identify(self) -> Answerer | None:
        """Return who is at the terminal: an approver who signs in, or the user if there are none."""
        approvers = open_approvers(self._settings, self._store)
        if not await approvers.list_all():
            return Answerer(name=read_login_name())
        typed = await self._terminal.ask_line(self._words["name"])
        passphrase = await self._terminal.ask_secret(self._words["passphrase"]) if typed else None
        if not typed or not passphrase:
            return None
        name = normalize_name(typed) or ""
        attempts = SignInAttempts(self._store)
        if lockout := await attempts.count(name, HERE, is_slowed=False):
            self._terminal.show(self._words["slow"].format(minutes=max(1, round(lockout.seconds / 60))))
            return None
        found = await approvers.find(name) if name else None
        is_right = await Passphrases().check(found.passphrase_hash if found else None, passphrase)
        if found is None or not is_right or found.is_disabled:
            self._terminal.show(self._words["wrong"])
            return None
        await attempts.forget(name, HERE)
        return Answerer(name=found.name, keys=found.keys, stamp=found.stamp)

    async def is_admitted(self, person: Answerer) -> bool:
        """Return whether this person may still answer, and say so if not.

        Their approver may have been removed, disabled or given another passphrase since; where there were
        none, there may be some by now.
        """
        approvers = open_approvers(self._settings, self._store)
        if person.is_signed_in:
            found = await approvers.find(person.name)
            is_same = found is not None and not found.is_disabled and found.stamp == person.stamp
        else:
            is_same = not await approvers.list_all()
        if not is_same:
            self._terminal.show(self._words["departed"])
        return is_same

    async def answer(self, approval: PendingApproval, person: Answerer, wanted: Typed = "yes") -> Ending:
        """Show an approval, read yes or no, and store it; with `wanted` "no", a yes is not accepted."""
        now = await self._store.read_time()
        self._terminal.show("\n" + format_whole(approval, now, self._language) + "\n")
        if (ending := self.find_refusal(approval, person, wanted, now)) is not None:
            return ending
        await self.pending.note_shown(approval.id)
        typed = await self._read_answer(approval, wanted)
        if typed == "nothing":
            standing, now = await self.pending.find(approval.id), await self._store.read_time()
            if standing is None or find_state(standing, now) != "shown":
                return self._tell_elsewhere(standing or approval, now)
            self._terminal.show(self._words["unanswered"])
            return "unanswered"
        return await self._decide(approval, person, approved=typed == "yes")

    def find_refusal(
        self, approval: PendingApproval, person: Answerer, wanted: Typed, now: float
    ) -> Ending | None:
        """Return the exit code if this person may not answer here, and say why; else None."""
        if "terminal" not in approval.channels:
            self._terminal.show(self._words["closed"])
            return "refused"
        if not (approval.is_open(now) or (wanted == "no" and approval.is_usable(now))):
            return self._tell_elsewhere(approval, now)
        if wanted == "no" or not (self._settings.four_eyes or approval.four_eyes):
            return None
        if not person.is_signed_in or approval.is_call_of(person.keys):
            self._terminal.show(self._words["four_eyes" if person.is_signed_in else "nobody"])
            return "refused"
        return None

    async def _read_answer(self, approval: PendingApproval, wanted: Typed) -> Typed:
        """Return the typed text; "" if it is answered elsewhere or expires meanwhile."""
        typed: list[Typed] = []
        async with anyio.create_task_group() as group:

            async def read() -> None:
                line = await self._terminal.ask_line(self._words[wanted])
                typed.append(parse_typed(line, wanted))
                group.cancel_scope.cancel()

            group.start_soon(read)
            if approval.state != "approved":
                await self.pending.wait(approval.id)
                group.cancel_scope.cancel()
        if not typed:
            self._terminal.show("")
        return typed[0] if typed else "nothing"

    async def decide(
        self, approval: PendingApproval, person: Answerer, *, approved: bool
    ) -> PendingApproval | None:
        """Store an answer, and say so if only the audit log does not have it."""
        try:
            return await self.pending.decide(
                approval.id, approved=approved, by=person.name, channel="terminal"
            )
        except AnswerUnrecorded:
            say = bind_page_texts(self._language)
            self._terminal.show(f"{say('unrecorded')}. {say('unrecorded_next')}")
            return await self.pending.find(approval.id)

    async def _decide(self, approval: PendingApproval, person: Answerer, *, approved: bool) -> Ending:
        if not await self.is_admitted(person):
            return "refused"
        ended = await self.decide(approval, person, approved=approved)
        state: Ending = "approved" if approved else "declined"
        is_ours = ended and (ended.decided_by, ended.channel) == (person.name, "terminal")
        if ended is None or not is_ours or ended.state not in {state, "spent" if approved else state}:
            return self._tell_elsewhere(ended or approval, await self._store.read_time())
        self._terminal.show(self._words[state])
        return state

    def _tell_elsewhere(self, approval: PendingApproval, now: float) -> Ending:
        state = format_state(approval, now, self._language)
        self._terminal.show(self._words["elsewhere"].format(state=state))
        return "elsewhere"


def parse_typed(line: str | None, wanted: Typed) -> Typed:
    word = (line or "").strip().lower()
    if word in NO:
        return "no"
    return "yes" if word in YES and wanted == "yes" else "nothing"


def read_login_name() -> str:
    """Return the name of the process's user, from the system and not from the environment."""
    users = load_module("pwd")
    if users is None:
        return getpass.getuser()
    number = os.getuid()
    try:
        return str(users.getpwuid(number).pw_name)
    except KeyError:
        return f"uid {number}"
