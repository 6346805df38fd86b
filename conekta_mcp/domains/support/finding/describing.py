"""The texts of find_payment: how sure a candidate is, what does not match, where and how far it searched."""

from collections.abc import Mapping, Sequence
from typing import Any

from conekta_mcp.domains.folding import fold_text
from conekta_mcp.domains.support.clues.clue import Clue, iter_readings
from conekta_mcp.domains.support.finding.comparison import Comparison
from conekta_mcp.domains.support.finding.places import Search
from conekta_mcp.domains.support.finding.searched_list import Place
from conekta_mcp.domains.support.wording import say_moment
from conekta_mcp.effects.question_text import format_count
from conekta_mcp.redaction import is_clabe
from conekta_mcp.results.times import say

MAX_MISSED = 5


def describe_match(one: Comparison, chosen: Sequence[Comparison], search: Search) -> dict[str, Any]:
    return {
        "certainty": _judge_certainty(one, chosen, search),
        "matches": list(dict.fromkeys(one.fits)),
        "differs": list(dict.fromkeys(one.differs)) or None,
    }


def _judge_certainty(one: Comparison, chosen: Sequence[Comparison], search: Search) -> str:
    if one.names_one:
        return "likely" if one.differs or one.misses_name else "certain"
    if not one.is_whole or one.taken_for or sum(other.is_whole for other in chosen) > 1:
        return "possible"
    if search.is_narrowed and search.asked.whole_values_only:
        return "possible"  # the words may be of a name, which was not compared
    if one.misses_name:
        return "likely" if one.names_few else "possible"
    looked_everywhere = all(place.walk.complete for place in search.places)
    return "certain" if one.names_few and looked_everywhere else "likely"


def describe_place(place: Place) -> dict[str, Any]:
    walk, filters = place.walk, place.filters
    return {
        "what": place.what,
        "from_at": filters.get("updated_at_gte"),
        "until_at": filters.get("created_at_lte"),
        "read": walk.rows,
        "complete": walk.complete,
        "stopped": place.note or walk.stopped or None,
    }


def describe_result(chosen: Sequence[Comparison], left: int, search: Search) -> str:
    read = sum(place.walk.rows for place in search.places if place not in search.beyond)
    further = _describe_rest(search)
    if not chosen:
        where = _describe_span(search.span)
        spanish, english = format_count(read, ("registro", "registros"), ("record", "records"))
        return (
            say(
                f"Nada coincide en lo que se vio: {spanish}{where}.",
                f"Nothing fits in what was looked at: {english}{where}.",
            )
            + _describe_other_days(search)
            + further
        )
    whole = [one for one in chosen if one.is_whole or one.names_one]
    if not whole:
        return (
            say(
                "Nada coincide con todo lo dicho; estas coinciden en parte.",
                "Nothing fits everything that was said; these fit in part.",
            )
            + further
        )
    if len(whole) == 1 and whole[0].misses_name and search.asked.whole_values_only:
        return (
            say("Una orden coincide; el nombre no se comparó.", "One order fits; the name was not compared.")
            + further
        )
    if len(whole) == 1 and (names := _list_missed([whole[0]], names_only=True)):
        return (
            say(
                f"Una orden coincide, pero no dice {names}: puede ser de otra persona.",
                f"One order fits, but it does not say {names}: it may be somebody else's.",
            )
            + further
        )
    if len(whole) == 1:
        return say("Una orden coincide.", "One order fits.") + further
    fitting = len(whole) + left
    shown = say(f"; aquí van {len(whole)}", f"; {len(whole)} are shown") if left else ""
    return (
        say(
            f"{fitting} órdenes coinciden{shown}: pregunta por algo que las distinga.",
            f"{fitting} orders fit{shown}: ask for something that tells them apart.",
        )
        + further
    )


def _describe_rest(search: Search) -> str:
    """Return how to see the rest, if there is any; only a walk over all orders can go on with `next`."""
    if all(place.walk.complete for place in search.places):
        return ""
    if any(place.walk.next for place in search.places):
        return say(
            " No se vio todo: sigue con next, o da un día o más datos.",
            " Not everything was looked at: go on with next, or give a day or more facts.",
        )
    return say(
        " No se vio todo: da un día o más datos.",
        " Not everything was looked at: give a day or more facts.",
    )


def _list_missed(chosen: Sequence[Comparison], *, names_only: bool = False) -> str:
    """Return the words that are in no candidate."""
    missed = [clue.words for clue in (chosen[0].missed if chosen else ()) if clue.is_name or not names_only]
    common = [word for word in missed if all(word in {one.words for one in two.missed} for two in chosen)]
    return ", ".join(dict.fromkeys(common[:MAX_MISSED]))


def describe_missed(chosen: Sequence[Comparison], search: Search) -> list[str]:
    words = _list_missed(chosen)
    # Under masking, people's texts were not searched.
    if not words or search.asked.whole_values_only:
        return []
    return [say(f"Palabras que no están ahí: {words}.", f"Words that are not in it: {words}.")]


def describe_similar(chosen: Sequence[Comparison]) -> list[str]:
    taken = {typed: word for one in chosen for typed, word in one.taken_for.items()}
    return [
        say(f"«{typed}» se tomó por «{word}».", f"“{typed}” was taken for “{word}”.")
        for typed, word in taken.items()
        if fold_text(typed) != fold_text(word)
    ]


def _describe_other_days(search: Search) -> str:
    """Say that the amount or name does not occur at other times, if all of them were read."""
    if not search.beyond or not all(p.walk.complete and not p.walk.found for p in search.beyond):
        return ""
    return say(
        " En otros días tampoco hay ninguna orden con ese monto o nombre.",
        " On other days no order has that amount or name either.",
    )


def _describe_span(span: Mapping[str, int]) -> str:
    if not span:
        return ""
    since, until = say_moment(span.get("updated_at_gte")), say_moment(span.get("created_at_lte"))
    return say(f", de {since or 'el inicio'} a {until}", f", from {since or 'the beginning'} to {until}")


def list_left_out(clues: Sequence[Clue], search: Search) -> list[str]:
    """Return what this search cannot see, as far as it matters for the clues."""
    left = []
    kinds = {one.kind for clue in clues for one in clue.readings}
    if not all(is_clabe(clabe.text) for clabe in iter_readings(list(clues), "clabe")):
        left.append(
            say(
                "El dígito de control de la CLABE no corresponde: puede estar mal escrita.",
                "The control digit of the CLABE does not fit: it may be mistyped.",
            )
        )
    wanted = kinds & {"clabe", "link_id"}
    lost = wanted.difference(kind for one in search.list_comparisons() for kind in one.fits) if wanted else ()
    if "clabe" in lost:
        left.append(
            say(
                "La CLABE de un cliente sin órdenes no se puede buscar; get_customer_profile la muestra.",
                "The CLABE of a customer without orders cannot be searched; get_customer_profile shows it.",
            )
        )
    if "link_id" in lost:
        left.append(
            say(
                "Un link no es una orden: explain_payment dice cómo está.",
                "A link is no order: explain_payment tells how it stands.",
            )
        )
    if search.asked.whole_values_only and kinds & {"name", "words"}:
        left.append(
            say(
                "Los datos personales están enmascarados: no se busca por nombre, solo por datos completos.",
                "Personal data is masked here: names are not searched, only whole values.",
            )
        )
    return left
