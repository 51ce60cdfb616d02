"""`linli`: the commands an operator types. Each calls one function elsewhere and explains what went wrong."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from community.parties.models import Role
from community.parties.usecases import NewStaff
from community.residents.models import Language
from linli.database import Sessions
from linli.settings import WrongSettings, load_settings
from operations import channel_commands, key_commands, supervisor, wechat_commands
from operations.answers import load_file
from operations.checks import check_all
from operations.database import check_database, find_database_url
from operations.demo import load_demo
from operations.display import Display
from operations.job import run_job
from operations.learning import export_answers, export_sentences
from operations.model import train_model
from operations.places import ROOT, as_typed, data_folder, log_folder
from operations.problem import Problem
from operations.sessions import run_with_sessions
from operations.staff import add_with_link, get_party, invite_again
from operations.street import load_street
from operations.tables import upgrade_database
from scheduler.jobs import JOBS

app = typer.Typer(
    help="Linli 邻里: run and look after the participation bot of a residential community.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database.", no_args_is_help=True)
staff = typer.Typer(help="Accounts of the console.", no_args_is_help=True)
app.add_typer(database, name="db")
demonstration = typer.Typer(help="The demo street.", no_args_is_help=True)
jobs = typer.Typer(help="The jobs of the worker.", no_args_is_help=True)
app.add_typer(staff, name="staff")
app.add_typer(jobs, name="job")
app.add_typer(demonstration, name="demo")
street = typer.Typer(help="The street with its communities.", no_args_is_help=True)
app.add_typer(street, name="street")
answers = typer.Typer(help="Answers on procedures and contacts.", no_args_is_help=True)
app.add_typer(answers, name="answers")
learning = typer.Typer(help="What staff taught.", no_args_is_help=True)
app.add_typer(learning, name="learning")
app.add_typer(key_commands.commands, name="keys")
app.add_typer(wechat_commands.commands, name="wechat")
app.add_typer(channel_commands.commands, name="channel")


def main() -> None:
    """The entry point: runs in the work tree from wherever it is called, explains problems without a traceback."""
    os.chdir(ROOT)
    try:
        app()
    except (Problem, WrongSettings) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


@app.command()
def up(
    demo: Annotated[bool, typer.Option(help="Load the demo street into an empty database.")] = True,
) -> None:
    """Start database, bot, app and worker, and stop them together."""
    supervisor.run(load_settings(), demo=demo)


@app.command()
def train() -> None:
    """Train the bot's model, when the bot's files have changed."""
    logs = log_folder(load_settings().data_dir)
    with Display(logs / "linli.log").step("Preparing the bot's model") as tell:
        train_model(logs / "train.log", tell)


@app.command()
def check() -> None:
    """Look at settings, database, bot, app and worker, and name what is wrong."""
    findings = check_all()
    for finding in findings:
        print(f"✓ {finding.name}" if finding.wrong is None else f"✗ {finding.name}: {finding.wrong}")
    if any(finding.wrong for finding in findings):
        raise typer.Exit(1)


@database.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    url = find_database_url(load_settings())
    check_database(url)
    upgrade_database(url)
    print("The database is up to date.")


@staff.command("add")
def staff_add(
    sign_in: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name, as residents read it.")],
    role: Annotated[Role, typer.Option(help="What the person is.")],
    party: Annotated[str | None, typer.Option(help="The party; empty = the street office.")] = None,
    language: Annotated[Language, typer.Option(help="Language of the console.")] = Language.ZH,
) -> None:
    """Add a colleague and print the one-time link by which the password is set."""
    settings = load_settings()

    async def add(sessions: Sessions) -> str:
        async with sessions() as session:
            party_id = (await get_party(session, party, role)).id
        return await add_with_link(sessions, settings, NewStaff(sign_in, name, role, party_id, language))

    print(run_with_sessions(find_database_url(settings), add))


@staff.command("invite")
def staff_invite(sign_in: Annotated[str, typer.Argument(help="The name the person signs in with.")]) -> None:
    """Print a new one-time link for somebody who has lost the password or the phone, also for the only admin."""
    settings = load_settings()
    invited = partial(invite_again, settings=settings, sign_in=sign_in)
    print(run_with_sessions(find_database_url(settings), invited))


@street.command("load")
def street_load(file: Annotated[Path, typer.Argument(help="Like docs/street.yml.")]) -> None:
    """Make the communities of a file, with their buildings and parties; what is there already is kept."""
    print(load_street(load_settings(), as_typed(file)))


@jobs.command("run")
def job_run(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(JOBS)}.")],
    at: Annotated[
        str | None, typer.Option(help="The moment, like 2026-03-01T09:00 in China; empty = now.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option(help="Only count what would be removed (jobs files and clean_up).")
    ] = False,
) -> None:
    """Run a job once, as if it were that moment."""
    done = run_job(load_settings(), name, at, dry=dry_run)
    print(f"{name}: {done} {'to be done' if dry_run else 'done'}.")


@answers.command("load")
def answers_load(
    file: Annotated[
        Path | None, typer.Argument(help="The file; empty = the one that comes with Linli.")
    ] = None,
    community: Annotated[
        str | None, typer.Option(help="Code of the community it is for; empty = all communities.")
    ] = None,
) -> None:
    """Check a file of answers and put it in place of the one that was loaded before."""
    print(load_file(load_settings(), as_typed(file) if file else None, community))


@learning.command("export")
def learning_export(
    to: Annotated[
        Path | None, typer.Option(help="The file to write, like bot/data/nlu/learned.yml; empty = print it.")
    ] = None,
    own_answers: Annotated[
        bool, typer.Option("--answers", help="The answers that staff wrote, in place of sentences.")
    ] = False,
) -> None:
    """Write what staff taught as a file for the repository; personal data are masked, what is known is left out."""
    written = (export_answers if own_answers else export_sentences)(load_settings())
    if to is None:
        print(written, end="")
    else:
        as_typed(to).write_text(written, encoding="utf-8")
        print(f"{to} is written; read it before the bot is trained with it.")


@demonstration.command("load")
def demo_load() -> None:
    """Load the demo street into an empty database and print its accounts."""
    settings = load_settings()
    secret_dir = data_folder(settings.data_dir)
    accounts = run_with_sessions(find_database_url(settings), partial(load_demo, secret_dir=secret_dir))
    print(supervisor.describe_accounts(accounts))
