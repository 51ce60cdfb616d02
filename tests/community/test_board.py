"""The board of public needs: what, in which building, how far and who leads; never words, a unit or a person."""

from __future__ import annotations

from dataclasses import fields

from community.needs.board import BoardLine, find_board
from community.needs.models import Need, Visibility
from community.needs.usecases.residents import Report, report_need, withdraw_need
from linli.database import Sessions
from tests.cast import Cast


async def _report(sessions: Sessions, cast: Cast, kind: str, visibility: Visibility | None = None) -> Need:
    report = Report(
        kind=kind,
        words="我妈在502等着",
        place_id=cast.here.unit.id,
        place_words="502门口",
        visibility=visibility,
    )
    async with sessions.begin() as session:
        return await report_need(session, cast.owner.resident_id, report)


async def _board(sessions: Sessions, cast: Cast, *, over: bool = False) -> list[BoardLine]:
    async with sessions() as session:
        return list(await find_board(session, cast.here.community.id, over=over))


async def test_a_line_holds_the_building_and_nothing_of_the_person(sessions: Sessions, cast: Cast) -> None:
    await _report(sessions, cast, "elevator")
    (line,) = await _board(sessions, cast)
    assert line.place == {"zh": "3号楼", "en": "Building 3"}
    assert {field.name for field in fields(line)} == {"kind", "place", "state", "created_at", "party"}
    told = repr((line.kind, line.place, line.state, line.party))
    assert "502" not in told
    assert "单元" not in told


async def test_only_public_needs_of_the_own_community_stand_on_it(sessions: Sessions, cast: Cast) -> None:
    await _report(sessions, cast, "mental_health")
    await _report(sessions, cast, "noise", Visibility.PRIVATE)
    public = await _report(sessions, cast, "noise")
    async with sessions() as session:
        assert list(await find_board(session, cast.there.community.id)) == []
    assert [line.kind for line in await _board(sessions, cast)] == ["noise"]
    async with sessions.begin() as session:
        await withdraw_need(session, cast.owner.resident_id, public.id)
    assert await _board(sessions, cast) == []
    assert await _board(sessions, cast, over=True) == []


async def test_older_ones_follow_page_by_page(sessions: Sessions, cast: Cast) -> None:
    for kind in ("noise", "elevator", "parking_vehicles"):
        await _report(sessions, cast, kind)
    async with sessions() as session:
        first = await find_board(session, cast.here.community.id, most=2)
        rest = await find_board(session, cast.here.community.id, most=2, before=first[-1].created_at)
    assert [line.kind for line in (*first, *rest)] == ["parking_vehicles", "elevator", "noise"]
