"""Plan of card tokens; a lost one is not verified, because no route lists tokens."""

from collections.abc import Mapping

from conekta_mcp.catalog import EffectKind
from conekta_mcp.domains.tokens.tools import create_token
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.question_text import build_question
from conekta_mcp.effects.write_plan import WritePlan

WRITE_PLANS: Mapping[str, WritePlan] = {
    create_token.name: WritePlan(
        kind=EffectKind.SECRET,
        question=build_question("¿Pedir un token para una tarjeta?", "Ask for a token for a card?"),
        unproved="nothing lists tokens, and an unused one does nothing",
        expect_answer=expect_answer(create_token),
    ),
}
