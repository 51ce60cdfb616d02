"""The charts that have a line a kind, or a building: what came, what became of it, and how long people waited."""

from __future__ import annotations

from collections.abc import Sequence

from community.needs.kinds import kind_of
from community.overview.flow import Course, OfBuilding, OfKind
from community.overview.views import View
from community.surveys.rates import FEWEST
from web.staff.charts import Cell, Chart, Row, Series, Shape, Tone, ask, count
from web.staff.overview_links import Links
from web.staff.overview_parties import duration
from web.words import Language, Translate

Line = tuple[str, int, Course, str]
"""A label, how many needs came, what became of them, and the list of them."""


def draw_kinds(t: Translate, language: Language, kinds: Sequence[OfKind], links: Links) -> list[Chart]:
    """How much came of each kind; what is confidential is one line of the first chart alone."""
    lines = [
        (kind_of(each.kind).name[language], each.count, each.course, links.kind(each.kind))
        for each in kinds
        if each.kind and each.count is not None and each.course
    ]
    hidden = [
        Row(t("staff_overview.confidential"), [_tell_hidden(t, each), *(Cell(None, "") for _ in "12")])
        for each in kinds
        if not each.kind
    ]
    known = sum(each.count or 0 for each in kinds)
    return _draw(t, "kinds", lines, known, hidden)


def draw_buildings(
    t: Translate, language: Language, buildings: Sequence[OfBuilding], view: View, links: Links
) -> list[Chart]:
    """How much came from each building; with its community where there are several."""
    communities = {community.id: community.name[language] for community in view.communities}
    lines = [
        (
            f"{each.name[language]} · {communities[each.community_id]}"
            if len(communities) > 1
            else each.name[language],
            each.count,
            each.course,
            links.building(each.place_id),
        )
        for each in buildings
    ]
    return _draw(t, "buildings", lines, sum(each.count for each in buildings))


def _draw(t: Translate, name: str, lines: Sequence[Line], n: int, hidden: Sequence[Row] = ()) -> list[Chart]:
    measures = (("sum_came", Tone.WORK), ("declined", Tone.SOON), ("sum_reopened", Tone.LATE))
    rows = [
        Row(label, [count(came, href), count(course.declined), count(course.reopened)])
        for label, came, course, href in lines
    ]
    rows = sorted([*rows, *hidden], key=lambda row: -(row.cells[0].value or 0))
    series = [Series(t(f"staff_overview.{measure}"), tone) for measure, tone in measures]
    return [ask(t, name, Shape.BARS, series, rows, n), _draw_times(t, f"{name}_times", lines)]


def _draw_times(t: Translate, name: str, lines: Sequence[Line]) -> Chart:
    measures = (("half_answered", Tone.WORK), ("half_solved", Tone.ACCENT))
    rows = [
        Row(
            label,
            [_wait(t, course.answer, href), _wait(t, course.solution, href)],
            n=came,
            weak=came < FEWEST,
        )
        for label, came, course, href in lines
        if course.answer is not None or course.solution is not None
    ]
    series = [Series(t(f"staff_overview.{measure}"), tone) for measure, tone in measures]
    unit = t("staff_overview.hours", count="{value}")
    return ask(t, name, Shape.BARS, series, rows, sum(row.n or 0 for row in rows), unit=unit)


def _wait(t: Translate, seconds: float | None, href: str) -> Cell:
    return Cell(None, "–") if seconds is None else duration(t, seconds, href)


def _tell_hidden(t: Translate, each: OfKind) -> Cell:
    return Cell(None, t("staff_overview.under_three")) if each.count is None else count(each.count)
