"""`linli wechat`: what an operator does at the official account: its menu, and a QR code for each building."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from channels.wechat.menu import FILE
from linli.settings import load_settings
from operations.places import as_typed
from operations.wechat import draw_codes, push_menu_file, show_menu

commands = typer.Typer(help="The WeChat official account 公众号.", no_args_is_help=True)
menu = typer.Typer(help="The menu below the chat.", no_args_is_help=True)
commands.add_typer(menu, name="menu")


@menu.command("push")
def menu_push(
    file: Annotated[
        Path, typer.Argument(help="Like channels/wechat/menu.yml, which is taken without one.")
    ] = FILE,
) -> None:
    """Check a menu file and set it; people see it within a day, at once after they follow anew."""
    print(push_menu_file(load_settings(), as_typed(file)))


@menu.command("show")
def menu_show() -> None:
    """Print the menu that is set."""
    print(show_menu(load_settings()))


@commands.command("qr")
def qr(
    to: Annotated[Path, typer.Argument(help="The folder to write to.")] = Path("qr"),
    community: Annotated[str | None, typer.Option(help="Code of one community; empty = all.")] = None,
) -> None:
    """Write a QR code for each building as PNG, and a page to print them all; who scans one is known to live there."""
    print(draw_codes(load_settings(), as_typed(to), community))
