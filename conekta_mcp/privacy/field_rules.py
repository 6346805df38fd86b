"""The columns of the table of fields: whose data it is, who typed it, where it is hidden."""

from enum import Enum
from typing import NamedTuple


class Personal(Enum):
    """How a field identifies a person, which decides how it is masked."""

    NO = "nothing"
    NAME = "a name: initials stay"
    EMAIL = "an e-mail: first character and host stay"
    NUMBER = "a phone or an account: four digits stay"
    TAX_ID = "three characters stay"
    HIDDEN = "nothing stays"
    COARSE = "with more it may tell who it is: whole at masked, left out at minimal"
    PAYABLE = "a number if it has the shape of a CLABE or of a cash reference"
    AS_FIELD = "what the field named in `field` beside it is"


class TypedBy(Enum):
    """Who wrote a text."""

    WORD = "an id or a word of Conekta's or this server's, in which no person is looked for"
    CONEKTA = "a text of Conekta's or this server's, which may quote a person"
    OTHERS = "customers or shops"


class Secret(Enum):
    """Where the value of a field is hidden."""

    NO = "nowhere"
    YES = "everywhere"
    IN_BODIES = "in the objects of any shape that `field_lookup.BODIES` names"
    ASKED = "everywhere but in the answer of a tool that a person is asked about"
    ADDRESS = "as ASKED, and its host is shown"


class FieldRule(NamedTuple):
    """One row. `longest` is in characters; in metadata, of each value."""

    personal: Personal
    typed_by: TypedBy
    secret: Secret = Secret.NO
    longest: int | None = None
    reason: str = ""
