"""A card token: a lost one is not verified, since nothing lists tokens and an unused one does nothing."""

from collections.abc import Mapping

from conekta_mcp.domains.tokens.tools import create_token
from conekta_mcp.effects.question_text import asking
from conekta_mcp.effects.write_plan import Handling

HANDLINGS: Mapping[str, Handling] = {
    create_token.name: Handling(
        said=asking("¿Pedir un token para una tarjeta?", "Ask for a token for a card?"),
    ),
}
