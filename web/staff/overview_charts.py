"""The charts of the leader's view: each asks a question, answers it from figures, and leads to the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from babel.dates import format_skeleton

from community.overview.duty import DutyGaps
from community.overview.flow import FEWEST_CONFIDENTIAL, OfBuilding, OfKind, Step
from community.overview.load import AGES, PersonLoad, bounds_of_ages
from community.overview.periods import Period
from community.overview.promises import Quarter, Times
from community.overview.side_by_side import Sums
from community.overview.together import Moved, Parts, Reopened
from community.overview.views import View
from community.overview.voices import Voices
from web.staff.charts import Cell, Chart, Row, Series, Shape, Tone, ask, count, put_together, share
from web.staff.overview_links import Links
from web.staff.overview_matters import draw_buildings, draw_kinds
from web.staff.overview_parties import (
    draw_moves,
    draw_parts,
    draw_reopened,
    draw_times,
    draw_voices,
)
from web.words import Language, Translate

MOST_PEOPLE = 15


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was read for the page."""

    view: View
    period: Period
    today: date
    sums: Sequence[tuple[UUID, Sums]]
    loads: Sequence[PersonLoad]
    steps: Sequence[Step]
    times: Sequence[Times]
    moves: Sequence[Moved]
    reopened: Sequence[Reopened]
    parts: Sequence[Parts]
    kinds: Sequence[OfKind]
    buildings: Sequence[OfBuilding]
    voices: Voices
    gaps: Sequence[DutyGaps]
    quarters: Sequence[Quarter]


def draw_charts(t: Translate, language: Language, figures: Figures) -> list[Chart]:
    """The charts that have something in them, what presses now first."""
    one_of_many = len(figures.view.communities) == 1 < len(figures.view.choices)
    links = Links(figures.period, figures.view.party_id, one_of_many)
    charts = [
        _draw_communities(t, language, figures, links),
        _draw_loads(t, language, figures, links),
        _draw_steps(t, language, figures, links),
        *draw_times(t, language, figures.times, links),
        draw_moves(t, language, figures.moves),
        draw_reopened(t, language, figures.reopened, links),
        draw_parts(t, language, figures.parts),
        *draw_kinds(t, language, figures.kinds, links),
        *draw_buildings(t, language, figures.buildings, figures.view, links),
        *draw_voices(t, language, figures.voices, links),
        _draw_gaps(t, language, figures),
        _draw_quarters(t, figures),
    ]
    return [chart for chart in charts if chart is not None and chart.rows]


def _draw_communities(t: Translate, language: Language, figures: Figures, links: Links) -> Chart | None:
    if len(figures.view.choices) < 2:
        return None
    names = {community.id: community.name[language] for community in figures.view.choices}
    measures = (("open", Tone.WORK), ("late", Tone.LATE), ("came", Tone.QUIET), ("solved", Tone.ACCENT))
    rows = [
        Row(
            names[community_id],
            [count(number, links.community(community_id)) for number in _four(sums)],
            n=sums.came,
        )
        for community_id, sums in figures.sums
    ]
    series = [Series(t(f"staff_overview.sum_{name}"), tone) for name, tone in measures]
    whole = sum(sums.came + sums.open for _, sums in figures.sums)
    return ask(t, "communities", Shape.BARS, series, rows, whole, wide=True)


def _draw_loads(t: Translate, language: Language, figures: Figures, links: Links) -> Chart:
    """One line a person; who is beyond the fifteenth is put together."""
    people = [_load_row(t, language, load, links, figures.today) for load in figures.loads]
    rows = put_together(t, "others", people, MOST_PEOPLE)
    tones = (Tone.ACCENT, Tone.WORK, Tone.SOON, Tone.LATE)
    series = [Series(t(f"staff_overview.age_{place}"), tone) for place, tone in enumerate(tones)]
    whole = sum(load.open for load in figures.loads if not load.hidden)
    return ask(t, "load", Shape.STACK, series, rows, whole, wide=True)


def _load_row(t: Translate, language: Language, load: PersonLoad, links: Links, today: date) -> Row:
    if load.hidden:
        return _hidden_row(t, load)
    name = load.name or t("staff_overview.nobody")
    hrefs = [links.open_of(load, *bounds) for bounds in bounds_of_ages(today)]
    cells = [count(number, href) for number, href in zip(load.by_age, hrefs, strict=True)]
    return Row(f"{name} · {load.party[language]}" if load.party[language] else name, cells, n=load.open)


def _hidden_row(t: Translate, load: PersonLoad) -> Row:
    """What is confidential, in one number without ages; nothing is drawn of it, so its label says the number."""
    few = load.open < FEWEST_CONFIDENTIAL
    number = t("staff_overview.under_three") if few else str(load.open)
    label = t("staff_overview.confidential_open", number=number)
    cells = [Cell(None, number), *(Cell(None, "") for _ in AGES)]
    return Row(label, cells, n=None if few else load.open)


def _draw_steps(t: Translate, language: Language, figures: Figures, links: Links) -> Chart:
    rows = [
        Row(
            _name_step(step, figures.period.step, language),
            [
                count(step.came, links.came_in(step.first, figures.period.step)),
                count(step.solved),
                count(step.reopened),
            ],
        )
        for step in figures.steps
        if step.first <= figures.today
    ]
    series = [
        Series(t("staff_overview.sum_came"), Tone.WORK),
        Series(t("staff_overview.sum_solved"), Tone.ACCENT),
        Series(t("staff_overview.sum_reopened"), Tone.LATE),
    ]
    whole = sum(step.came + step.solved + step.reopened for step in figures.steps)
    return ask(t, "steps", Shape.LINES, series, rows, whole, upright=True)


def _draw_gaps(t: Translate, language: Language, figures: Figures) -> Chart:
    rows = [
        Row(
            gaps.party[language],
            [
                _hours(t, hours, f"/staff/roster?party={gaps.party_id}")
                for hours in (gaps.office_hours, gaps.other_hours)
            ],
        )
        for gaps in figures.gaps
    ]
    series = [
        Series(t("staff_overview.gap_office"), Tone.LATE),
        Series(t("staff_overview.gap_other"), Tone.QUIET),
    ]
    unit = t("staff_overview.hours", count="{value}")
    return ask(t, "gaps", Shape.STACK, series, rows, len(figures.gaps), unit=unit)


def _draw_quarters(t: Translate, figures: Figures) -> Chart:
    rows = [
        Row(
            t("staff_overview.quarter", year=quarter.first.year, number=(quarter.first.month + 2) // 3),
            [
                share(quarter.answers_kept, quarter.answers),
                share(quarter.solutions_kept, quarter.solutions),
                share(quarter.reopened, quarter.solved),
            ],
            n=quarter.answers + quarter.solutions,
        )
        for quarter in figures.quarters
    ]
    series = [
        Series(t("staff_overview.answers_kept"), Tone.WORK),
        Series(t("staff_overview.solutions_kept"), Tone.ACCENT),
        Series(t("staff_overview.share_reopened"), Tone.LATE),
    ]
    whole = sum(row.n or 0 for row in rows)
    return ask(t, "quarters", Shape.LINES, series, rows, whole, upright=True, top=100)


def _four(sums: Sums) -> tuple[int, ...]:
    return sums.open, sums.late, sums.came, sums.solved


def _hours(t: Translate, hours: float, href: str) -> Cell:
    return Cell(hours, t("staff_overview.hours", count=f"{hours:.0f}"), href if hours else "")


def _name_step(step: Step, unit: str, language: Language) -> str:
    return format_skeleton("yMMM" if unit == "month" else "MMMd", step.first, locale=language)
