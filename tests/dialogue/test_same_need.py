"""A neighbour has reported it already, or staff ask something back: what the person is offered, what comes of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.clock import now
from community.clocks.reminding import answer_buttons
from community.duplicates.models import NeedFollower, NeedVector
from community.needs.models import Need, Visibility
from community.needs.usecases.asking import ask_resident
from community.needs.usecases.residents import Report, report_need
from community.parties.models import PartyType
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot


async def _neighbour_reports(
    talk: Talk, kind: str = "elevator", words: str = "3号楼的电梯停了", visibility: Visibility | None = None
) -> Need:
    cast = talk.cast
    async with talk.sessions.begin() as session:
        made = Report(kind, words, place_id=cast.here.unit.id, visibility=visibility)
        return await report_need(session, cast.neighbour.resident_id, made)


async def test_the_same_lift_is_followed_instead_of_reported_again(talk: Talk) -> None:
    need = await _neighbour_reports(talk)
    await talk.play("""
        > 3号楼2单元的电梯停了，修一下
        - report_like_another: 3号楼, 电梯, 榕树社区物业
        > [同一件，我也关注]
        - need_followed: 电梯
        = needs:
        """)
    async with talk.sessions() as session:
        follower = (await session.scalars(select(NeedFollower))).one()
    assert (follower.need_id, follower.resident_id) == (need.id, talk.resident_id)


async def test_yes_in_words_follows_too(talk: Talk) -> None:
    await _neighbour_reports(talk)
    await talk.play("""
        > 3号楼2单元的电梯停了，修一下
        - report_like_another
        > 对
        - need_followed
        """)


@pytest.mark.parametrize("answer", ["[不是，另外报]", "不是"])
async def test_another_matter_is_reported(talk: Talk, answer: str) -> None:
    await _neighbour_reports(talk)
    await talk.play(f"""
        > 3号楼2单元的电梯停了，修一下
        - report_like_another
        > {answer}
        - report_read_back
        > 对
        - need_saved
        = needs: elevator routed
        """)


async def test_nothing_is_offered_of_what_is_private_or_elsewhere(talk: Talk) -> None:
    await _neighbour_reports(talk, visibility=Visibility.PRIVATE)
    await _neighbour_reports(talk, visibility=Visibility.CONFIDENTIAL)
    await _neighbour_reports(talk, kind="noise", words="广场舞太吵")
    await talk.play("""
        > 3号楼2单元的电梯停了，修一下
        - report_read_back
        > 对
        - need_saved: 居委会协助
        """)
    async with talk.sessions() as session:
        (own,) = await talk.needs()
        assert await session.get(NeedVector, own.id) is not None


async def test_what_became_over_meanwhile_is_reported(talk: Talk) -> None:
    need = await _neighbour_reports(talk)
    await talk.play("> 3号楼2单元的电梯停了，修一下\n- report_like_another")
    async with talk.sessions.begin() as session:
        gone = await session.get_one(Need, need.id)
        gone.merged_into, gone.visibility = None, Visibility.PRIVATE
    await talk.play("> [同一件，我也关注]\n- report_read_back\n> 对\n- need_saved")


async def test_an_answer_to_a_question_of_staff_starts_the_clock_again(talk: Talk) -> None:
    await talk.play("> 3号楼2单元的电梯停了，修一下\n- report_read_back\n> 对\n- need_saved")
    (need,) = await talk.needs()
    async with talk.sessions.begin() as session:
        lead = talk.cast.here.staff[PartyType.PROPERTY_COMPANY]
        await ask_resident(session, lead, need.id, "左边那台还是右边那台？")
    talk.bubbles = [{"message": "staff_question", "values": {}, "buttons": list(answer_buttons(need.id))}]
    await talk.play("> [我来回答]\n- need_ask_addition\n> 左边那台\n- need_added")
    (answered,) = await talk.needs()
    assert answered.waiting_since is None
    assert answered.solution_due_at is not None
    assert answered.solution_due_at > now()


@pytest.mark.parametrize("words", ["左边那台", "在三楼和四楼中间卡住的", "靠窗的"])
async def test_an_answer_needs_no_tap(talk: Talk, words: str) -> None:
    await talk.play("> 3号楼2单元的电梯停了，修一下\n- report_read_back\n> 对\n- need_saved")
    (need,) = await talk.needs()
    async with talk.sessions.begin() as session:
        lead = talk.cast.here.staff[PartyType.PROPERTY_COMPANY]
        await ask_resident(session, lead, need.id, "左边那台还是右边那台？卡在几楼？")
    await talk.play(f"> {words}\n- need_added\n= needs: elevator accepted")
    (answered,) = await talk.needs()
    assert answered.waiting_since is None


async def test_another_matter_is_no_answer(talk: Talk) -> None:
    await talk.play("> 3号楼2单元的电梯停了，修一下\n- report_read_back\n> 对\n- need_saved")
    (need,) = await talk.needs()
    async with talk.sessions.begin() as session:
        await ask_resident(session, talk.cast.here.staff[PartyType.PROPERTY_COMPANY], need.id, "几楼？")
    await talk.play("> 3号楼楼上半夜放音乐吵得睡不着\n- report_read_back: 噪音")
    (waiting,) = await talk.needs()
    assert waiting.waiting_since is not None
