"""`linli`: the commands an operator types. Each calls one function elsewhere and explains what went wrong."""

from __future__ import annotations

import os
import sys

import typer

from linli.settings import WrongSettings, load_settings
from operations import supervisor
from operations.database import check_database, find_database_url
from operations.display import Display
from operations.model import train_model
from operations.places import ROOT, log_folder
from operations.problem import Problem
from operations.tables import upgrade_database

app = typer.Typer(
    help="Linli 邻里: run and look after the participation bot of a residential community.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(database, name="db")


def main() -> None:
    """The entry point: runs in the work tree from wherever it is called, explains problems without a traceback."""
    os.chdir(ROOT)
    try:
        app()
    except (Problem, WrongSettings) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


@app.command()
def up() -> None:
    """Start database, bot, app and worker, and stop them together."""
    supervisor.run(load_settings())


@app.command()
def train() -> None:
    """Train the bot's model, when the bot's files have changed."""
    logs = log_folder(load_settings().data_dir)
    with Display(logs / "linli.log").step("Preparing the bot's model") as tell:
        train_model(logs / "train.log", tell)


@database.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    url = find_database_url(load_settings())
    check_database(url)
    upgrade_database(url)
    print("The database is up to date.")
