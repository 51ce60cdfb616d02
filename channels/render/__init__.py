"""From the name of a message to what a channel can show: words in the receiver's language, buttons, pictures, links."""

from channels.render.pieces import Card, Choice, Document, Picture, Piece, Words
from channels.render.showing import show
from channels.render.splitting import split_text
from channels.render.words import (
    MESSAGES,
    has_message,
    in_language,
    name_day,
    name_moment,
    render_if_possible,
    render_text,
)

__all__ = [
    "MESSAGES",
    "Card",
    "Choice",
    "Document",
    "Picture",
    "Piece",
    "Words",
    "has_message",
    "in_language",
    "name_day",
    "name_moment",
    "render_if_possible",
    "render_text",
    "show",
    "split_text",
]
