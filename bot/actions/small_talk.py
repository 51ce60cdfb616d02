"""Greeting, thanks, the menu, what Linli is, and leaving off: answered with words alone."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import menu
from bot.actions.turn import Turn


async def greet(turn: Turn, _: AsyncSession) -> None:
    """Say hello and what can be done."""
    turn.say("greeting", *menu())


async def say_goodbye(turn: Turn, _: AsyncSession) -> None:
    """Part."""
    turn.say("goodbye")


async def accept_thanks(turn: Turn, _: AsyncSession) -> None:
    """Answer thanks."""
    turn.say("welcome")


async def see_sticker(turn: Turn, _: AsyncSession) -> None:
    """A face without words is no question: a word back, and for a sad one an open ear."""
    turn.say("sticker_sad" if turn.entities.get("value") == "sad" else "sticker")


async def show_menu(turn: Turn, _: AsyncSession) -> None:
    """Say what can be done."""
    turn.say("menu", *menu())


async def say_what_linli_is(turn: Turn, _: AsyncSession) -> None:
    """Say honestly that this is a program, and that a person can be reached."""
    turn.say("what_linli_is", *menu())


async def leave_off(turn: Turn, _: AsyncSession) -> None:
    """Nothing was under way; say so kindly."""
    turn.say("nothing_under_way", *menu())
