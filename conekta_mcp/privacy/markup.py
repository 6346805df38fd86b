"""Text that others typed, for clients and chats that read Markdown: it can only say what it says."""

LOOK_ALIKES = str.maketrans("<>*~`|$", "‹›∗∼ˈ¦＄")
"""For tags, styles, code, tables and formulas, which can move text over other text."""


def disarm_markup(text: str) -> str:
    """Return `text` without the signs that are read as a link with a text, a picture, or a style.

    Styles matter too: what is struck out or hidden as a spoiler could be a sum. The signs are replaced by
    others that look alike, since each program has its own way to escape them.
    """
    return text.translate(LOOK_ALIKES).replace("](", "] (").replace("][", "] [")
