"""The texts of the tour, in Spanish and English."""

from conekta_mcp.cli.words.shared import Tell, bind_words


def choose_words(language: str) -> Tell:
    if language == "es":
        from conekta_mcp.cli.tour.texts.spanish import TEXTS
    else:
        from conekta_mcp.cli.tour.texts.english import TEXTS
    return bind_words(TEXTS.__getitem__)
