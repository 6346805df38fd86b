"""What a client shows its model of an answer: clients differ, so each view is played apart."""

from typing import Literal, get_args

from evals.play import write_json
from evals.server import Answer

View = Literal["text", "structured", "both"]
VIEWS: tuple[View, ...] = get_args(View)


def show(answer: Answer, view: View) -> str:
    """Return the content for the model; an answer without the wanted form is shown in the other one."""
    structured = write_json(answer.structured) if answer.structured else ""
    if view == "text":
        return answer.text or structured
    if view == "structured":
        return structured or answer.text
    return "\n".join(part for part in (answer.text, structured) if part)
