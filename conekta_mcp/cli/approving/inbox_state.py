"""What serve and doctor say about the inbox: who could approve, and what to do if nobody could."""

from typing import TYPE_CHECKING

from conekta_mcp.cli.words.shared import speak
from conekta_mcp.errors import ConfigurationError, StoreUnavailable

if TYPE_CHECKING:
    from conekta_mcp.app import App
    from conekta_mcp.pages.approvers.approver import Approver

NO_APPROVERS = {
    "es": (
        "no hay aprobadores: nadie puede aprobar en {root}/approvals, y lo que tenga que aprobar una persona "
        "se niega si su cliente no puede preguntarle. Agrega uno: conekta-mcp approvers add NOMBRE"
    ),
    "en": (
        "there are no approvers: nobody can approve at {root}/approvals, and what a person has to approve is "
        "refused if their client cannot ask. Add one: conekta-mcp approvers add NAME"
    ),
}


async def describe_missing_approvers(app: "App") -> str | None:
    """Return a warning if a person may have to be asked and nobody could sign in."""
    from conekta_mcp.server.http.inbox import has_inbox

    settings = app.settings
    if not has_inbox(settings) or not has_questions(app):
        return None
    try:
        approvers = await list_active_approvers(app)
    except ConfigurationError as problem:
        return speak(problem, settings.language)
    except StoreUnavailable:  # each write says so
        return None
    return None if approvers else NO_APPROVERS[settings.language].format(root=settings.root_path)


def has_questions(app: "App") -> bool:
    """Tell whether this server would ask a person about anything."""
    policy = app.policy
    modes = ("test",) if app.settings.sandbox else ("test", "live")
    return any(map(policy.has_questions, modes)) or any(rule.effect == "confirm" for rule in policy.rules)


async def list_active_approvers(app: "App") -> list["Approver"]:
    """Return who can sign in; raise ConfigurationError or StoreUnavailable if that is not readable."""
    from conekta_mcp.pages.approvers.file import open_approvers

    found = await open_approvers(app.settings, app.store).list_all()
    return [one for one in found if not one.is_disabled]
