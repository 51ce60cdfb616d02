"""The charts that have a line a party: times beside what was promised, what was passed on, opened again, kept, said."""

from __future__ import annotations

from collections.abc import Sequence

from community.clocks.models import ClockName
from community.needs.kinds import kind_of
from community.overview.promises import Times
from community.overview.together import Moved, Parts, Reopened
from community.overview.voices import Said, Voices
from community.routing.models import MoveKind
from community.surveys.rates import FEWEST
from web.staff.charts import Cell, Chart, Row, Series, Shape, Tone, ask, count, put_together, share
from web.staff.overview_links import Links
from web.words import Language, Translate

STEPS = (ClockName.ANSWER, ClockName.SOLUTION, ClockName.ACCEPT)
HOUR, DAY = 3600, 24 * 3600
MOST_WAYS = 15


def draw_times(t: Translate, language: Language, times: Sequence[Times], links: Links) -> list[Chart]:
    """Which share of what was promised was kept; then for each step the middle, nine of ten, and the promise."""
    steps = [
        _draw_step(t, language, [each for each in times if each.step is step], step, links) for step in STEPS
    ]
    return [_draw_kept(t, language, times, links), *steps]


def draw_moves(t: Translate, language: Language, moves: Sequence[Moved]) -> Chart:
    """From whom to whom, in which way."""
    kinds = (
        (MoveKind.DECLINED, Tone.SOON),
        (MoveKind.ERRAND, Tone.VIOLET),
        (MoveKind.HANDED_OVER, Tone.WORK),
        (MoveKind.KIND_CHANGED, Tone.QUIET),
        (MoveKind.STREET, Tone.ACCENT),
    )
    pairs = dict.fromkeys((move.from_id, move.to_id) for move in moves)
    rows = []
    for pair in pairs:
        of_pair = [move for move in moves if (move.from_id, move.to_id) == pair]
        numbers = [sum(move.count for move in of_pair if move.how is how) for how, _ in kinds]
        label = f"{of_pair[0].from_party[language]} → {of_pair[0].to_party[language]}"
        rows.append(Row(label, [count(number) for number in numbers], n=sum(numbers)))
    rows.sort(key=lambda row: -(row.n or 0))
    series = [Series(t(f"staff_rules.how_{how}"), tone) for how, tone in kinds]
    shown = put_together(t, "other_ways", rows, MOST_WAYS)
    return ask(t, "moves", Shape.STACK, series, shown, sum(move.count for move in moves))


def draw_reopened(t: Translate, language: Language, reopened: Sequence[Reopened], links: Links) -> Chart:
    """Of what was solved, which share opened again."""
    rows = [
        Row(
            each.party[language],
            [share(each.reopened, each.solved, links.party(each.party_id))],
            n=each.solved,
            weak=each.solved < FEWEST,
        )
        for each in reopened
        if each.solved
    ]
    series = [Series(t("staff_overview.share_reopened"), Tone.LATE)]
    return ask(t, "reopened", Shape.BARS, series, rows, sum(each.solved for each in reopened), top=100)


def draw_parts(t: Translate, language: Language, parts: Sequence[Parts]) -> Chart:
    """What was agreed to be done together, and what was done."""
    rows = [
        Row(
            each.party[language],
            [count(each.asked), count(each.accepted), count(each.done), count(each.refused)],
            n=each.asked,
            weak=each.asked < FEWEST,
        )
        for each in parts
    ]
    tones = (("asked", Tone.QUIET), ("accepted", Tone.WORK), ("done", Tone.ACCENT), ("refused", Tone.LATE))
    series = [Series(t(f"staff_overview.part_{name}"), tone) for name, tone in tones]
    return ask(t, "parts", Shape.BARS, series, rows, sum(each.asked for each in parts))


def draw_voices(t: Translate, language: Language, voices: Voices, links: Links) -> list[Chart]:
    """Solved or not, by party and by kind; few answers in grey."""
    of_parties = [
        _voice_row(party.name[language], said, links.party(party.id)) for party, said in voices.parties
    ]
    of_kinds = [
        _voice_row(kind_of(kind).name[language], said, links.kind(kind)) for kind, said in voices.kinds
    ]
    series = [
        Series(t("staff_overview.said_solved"), Tone.ACCENT),
        Series(t("staff_overview.stars"), Tone.SOON),
    ]
    whole = sum(said.answered for _, said in voices.parties)
    return [
        ask(t, "voices", Shape.BARS, series, of_parties, whole, top=100),
        ask(t, "voices_kind", Shape.BARS, series, of_kinds, whole, top=100),
    ]


def _draw_kept(t: Translate, language: Language, times: Sequence[Times], links: Links) -> Chart:
    rows = []
    for party_id in dict.fromkeys(each.party_id for each in times):
        by_step = {each.step: each for each in times if each.party_id == party_id}
        kept = [(by_step[step].kept, by_step[step].count) if step in by_step else (0, 0) for step in STEPS]
        n = sum(count for _, count in kept)
        cells = [share(part, whole, links.party(party_id)) for part, whole in kept]
        party = next(iter(by_step.values())).party
        rows.append(Row(party[language], cells, n=n, weak=n < FEWEST))
    tones = (Tone.WORK, Tone.ACCENT, Tone.QUIET)
    series = [Series(t(f"staff_overview.kept_{step}"), tone) for step, tone in zip(STEPS, tones, strict=True)]
    return ask(t, "kept", Shape.BARS, series, rows, sum(each.count for each in times), top=100)


def _draw_step(
    t: Translate, language: Language, times: Sequence[Times], step: ClockName, links: Links
) -> Chart:
    rows = [
        Row(
            each.party[language],
            [
                duration(t, seconds, links.party(each.party_id))
                for seconds in (each.median, each.ninetieth, each.promised)
            ],
            n=each.count,
            weak=each.count < FEWEST,
        )
        for each in times
    ]
    tones = (("median", Tone.ACCENT), ("ninetieth", Tone.WORK), ("promised", Tone.QUIET))
    series = [Series(t(f"staff_overview.{name}"), tone) for name, tone in tones]
    n, unit = sum(each.count for each in times), t("staff_overview.hours", count="{value}")
    return ask(t, f"times_{step}", Shape.BARS, series, rows, n, unit=unit)


def _voice_row(label: str, said: Said, href: str) -> Row:
    """Stars are drawn on the scale of a hundred, and written as stars."""
    stars = Cell(None, "–") if said.mean is None else Cell(20 * said.mean, f"{said.mean:.1f}", href)
    cells = [share(said.solved, said.answered, href), stars]
    return Row(label, cells, n=said.answered, weak=said.is_few)


def duration(t: Translate, seconds: float, href: str) -> Cell:
    """Drawn in hours; written in minutes, hours or days, whichever a person would say."""
    return Cell(seconds / HOUR, _say_duration(t, seconds), href)


def _say_duration(t: Translate, seconds: float) -> str:
    """25 minutes, 3.5 hours, 2.1 days."""
    if seconds < HOUR:
        return t("staff_overview.minutes", count=f"{seconds / 60:.0f}")
    if seconds < 2 * DAY:
        return t("staff_overview.hours", count=f"{seconds / HOUR:.1f}".removesuffix(".0"))
    return t("staff_overview.days", count=f"{seconds / DAY:.1f}".removesuffix(".0"))
