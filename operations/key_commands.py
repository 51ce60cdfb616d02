"""`linli keys`: look after the keys that seal what people write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from community.keys.resealing import PLAIN
from linli.sealing import keyring, new_key
from linli.settings import load_settings
from operations.database import find_database_url
from operations.display import Display
from operations.keys import add_key, check_keys, count_values, rotate_keys
from operations.places import log_folder

commands = typer.Typer(help="The keys that seal what people write.", no_args_is_help=True)


@commands.command("new")
def keys_new(
    keep: Annotated[
        bool, typer.Option("--keep", help="Put it in front of the keys that the data folder keeps.")
    ] = False,
) -> None:
    """Print a fresh key for LINLI_ENCRYPTION_KEYS, or keep it in the data folder; from the next start it seals."""
    if not keep:
        print(new_key())
        return
    key_id = add_key(load_settings())
    print(f"The key {key_id} is in front: restart Linli, then run linli keys rotate.")


@commands.command("check")
def keys_check() -> None:
    """Tell how many values each key seals, so that one that seals nothing can be taken away."""
    settings = load_settings()
    url = find_database_url(settings)
    check_keys(url)
    _tell(count_values(url, settings.files_dir))


@commands.command("rotate")
def keys_rotate() -> None:
    """Seal everything with the first key while Linli works; can be stopped and run again."""
    settings = load_settings()
    url = find_database_url(settings)
    with Display(log_folder(settings.data_dir) / "linli.log").step("Sealing what people wrote") as tell:
        counted = rotate_keys(url, settings.files_dir, tell)
    _tell(counted)


def _tell(counted: Mapping[str, int]) -> None:
    for key_id in keyring().ids:
        seals = " (this one seals)" if key_id == keyring().first else ""
        spare = "" if counted.get(key_id) or seals else ": it may be taken away"
        print(f"{key_id}  {counted.get(key_id, 0)} values{seals}{spare}")
    if plain := counted.get(PLAIN, 0):
        print(f"not sealed yet  {plain} values: run linli keys rotate")
