"""What the jobs work with: sessions, delivery, the times that the settings give, and where the bot is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from channels.delivery import Delivery
from channels.registry import make_channels
from community.surveys.asking import SurveyTimes
from linli.database import Sessions
from linli.settings import Settings


@dataclass(frozen=True, slots=True)
class Tools:
    """Handed to every job."""

    sessions: Sessions
    delivery: Delivery
    survey_times: SurveyTimes
    person_quiet: timedelta = timedelta(hours=12)
    bot_address: str = ""
    bot_timeout: float = 20.0
    files_dir: Path = Path("var/files")
    dry: bool = False


def make_tools(settings: Settings, sessions: Sessions, *, dry: bool = False) -> Tools:
    """The tools of a worker or of one job run by hand; `dry` only says what would be done."""
    channels = make_channels(settings, sessions)
    return Tools(
        sessions=sessions,
        delivery=Delivery(sessions, channels, hold_after=timedelta(hours=settings.outbox_hold_hours)),
        survey_times=SurveyTimes(
            reminder=timedelta(hours=settings.survey_reminder_hours),
            closing=timedelta(hours=settings.survey_closes_hours),
            windows={
                name: channel.abilities.window
                for name, channel in channels.items()
                if channel.abilities.window is not None
            },
        ),
        person_quiet=timedelta(hours=settings.person_quiet_hours),
        bot_address=settings.bot_address,
        bot_timeout=settings.bot_timeout,
        files_dir=settings.files_dir,
        dry=dry,
    )
