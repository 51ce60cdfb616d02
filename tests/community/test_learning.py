"""What was not understood: what is noted and what never, who sees it, what staff make of it, how long it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID

import numpy as np
import pytest
from ruamel.yaml import YAML
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.answers.file import Entry
from community.answers.models import AnswerEntry
from community.answers.search import SIZE
from community.clock import now
from community.conversations.usecases import ask_for_person, take_conversation
from community.errors import NotAllowed, NotFound, Refused
from community.learning.export import write_answers, write_sentences
from community.learning.models import LearnedExample, UnclearMessage
from community.learning.noting import (
    Unclear,
    find_unmeasured,
    forget_old_unclear,
    keep_vectors,
    note_picked,
    note_unclear,
)
from community.learning.queries import find_acts, find_examples, find_groups, get_group
from community.learning.usecases import answer_group, clean_sentences, ignore_group, teach_group
from community.needs.models import Need, NeedState, Urgency
from community.needs.usecases.residents import Report, report_need
from community.outbox.usecases import enqueue_message
from community.parties.models import PartyType
from linli.database import Sessions
from tests.cast import Cast

ENTRY = Entry.model_validate(
    {
        "id": "own_library",
        "topic": "own",
        "title": {"zh": "借书", "en": "Borrow a book"},
        "questions": {"zh": ["社区能借书吗", "图书角几点开"], "en": ["can I borrow a book"]},
        "answer": {
            "zh": "二楼图书角，周末下午开。",
            "en": "The book corner, second floor, weekend afternoons.",
        },
        "source": {"zh": "居委会", "en": "committee"},
        "checked": "2026-11-22",
    }
)


def vector(direction: int, off: float = 0.0) -> bytes:
    """A vector along one of 512 directions, a little off it."""
    made = np.zeros(SIZE)
    made[direction], made[(direction + 1) % SIZE] = 1, off
    return (made / np.linalg.norm(made)).astype(np.float16).tobytes()


async def note(
    sessions: Sessions, resident_id: UUID, words: str, measured: bytes | None = None, *guesses: str
) -> UUID | None:
    async with sessions.begin() as session:
        return await note_unclear(session, resident_id, Unclear(words, measured or vector(0), guesses))


async def rows(sessions: Sessions) -> list[UnclearMessage]:
    async with sessions() as session:
        return list((await session.scalars(select(UnclearMessage))).all())


async def test_a_message_is_noted_without_its_person(sessions: Sessions, cast: Cast) -> None:
    noted = await note(sessions, cast.owner.resident_id, "社区有书借吗", vector(3), "ask_procedure")
    (row,) = await rows(sessions)
    assert (row.id, row.words, row.guesses, row.said_on) == (
        noted,
        "社区有书借吗",
        ["ask_procedure"],
        now().date(),
    )
    assert row.community_id == cast.here.community.id
    assert row.vector == vector(3)
    assert cast.owner.resident_id not in vars(row).values()


async def test_masked_words_are_measured_anew(sessions: Sessions, cast: Cast) -> None:
    noted = await note(
        sessions, cast.owner.resident_id, "我叫王秀英，电话13800138000，社区有书借吗", vector(3)
    )
    (row,) = await rows(sessions)
    assert row.vector is None
    assert "王秀英" not in row.words
    assert "1380" not in row.words
    async with sessions.begin() as session:
        assert await find_unmeasured(session, 10) == [(noted, row.words)]
        assert noted is not None
        await keep_vectors(session, {noted: vector(4)})
        assert await find_unmeasured(session, 10) == []


Before = Callable[[AsyncSession, Cast], Awaitable[None]]


async def _confidential(session: AsyncSession, cast: Cast) -> None:
    await report_need(session, cast.owner.resident_id, Report(kind="mental_health", words="睡不着"))


async def _crisis(session: AsyncSession, cast: Cast) -> None:
    made = Report(kind="fire_public_safety", words="着火了", urgency=Urgency.CRISIS)
    await report_need(session, cast.owner.resident_id, made)


async def _with_staff(session: AsyncSession, cast: Cast) -> None:
    handover = await ask_for_person(session, cast.owner.resident_id, "想问问")
    await take_conversation(session, cast.here.staff[PartyType.COMMITTEE], handover.id)


async def _confided(session: AsyncSession, cast: Cast) -> None:
    await enqueue_message(session, cast.owner.resident_id, "report_dropped_private", "reply:1:0")


async def _in_care(session: AsyncSession, cast: Cast) -> None:
    await enqueue_message(session, cast.owner.resident_id, "care_listening", "reply:1:0")


@pytest.mark.parametrize("before", [_confidential, _crisis, _with_staff, _confided, _in_care])
async def test_near_anything_private_nothing_is_noted(sessions: Sessions, cast: Cast, before: Before) -> None:
    async with sessions.begin() as session:
        await before(session, cast)
    assert await note(sessions, cast.owner.resident_id, "社区有书借吗") is None
    assert await note(sessions, cast.neighbour.resident_id, "社区有书借吗") is not None


@pytest.mark.parametrize("before", [_confidential, _crisis])
@pytest.mark.parametrize(
    ("state", "days", "noted"),
    [
        (NeedState.CLOSED, 31, True),
        (NeedState.WITHDRAWN, 31, True),
        (NeedState.CLOSED, 29, False),
        (NeedState.RESOLVED, 0, False),
        (NeedState.RESOLVED, 90, False),
    ],
)
async def test_long_after_it_is_over_the_person_is_like_others_again(
    sessions: Sessions, cast: Cast, before: Before, state: NeedState, days: int, noted: bool
) -> None:
    async with sessions.begin() as session:
        await before(session, cast)
        await session.execute(update(Need).values(state=state, changed_at=now() - timedelta(days=days)))
    assert (await note(sessions, cast.owner.resident_id, "社区有书借吗") is not None) is noted


async def test_a_letter_is_not_noted(sessions: Sessions, cast: Cast) -> None:
    assert await note(sessions, cast.owner.resident_id, "社区" * 200) is None


async def test_what_was_picked_is_kept_once(sessions: Sessions, cast: Cast) -> None:
    noted = await note(sessions, cast.owner.resident_id, "社区有书借吗")
    assert noted is not None
    async with sessions.begin() as session:
        await note_picked(session, noted, "find_activities")
        await note_picked(session, noted, "greet")
    assert [row.picked for row in await rows(sessions)] == ["find_activities"]


async def test_after_ninety_days_it_is_gone(sessions: Sessions, cast: Cast) -> None:
    await note(sessions, cast.owner.resident_id, "社区有书借吗")
    second = await note(sessions, cast.owner.resident_id, "书在哪里借")
    async with sessions.begin() as session:
        old = update(UnclearMessage).where(UnclearMessage.id == second)
        await session.execute(old.values(said_on=date.today() - timedelta(days=92)))  # noqa: DTZ011
    async with sessions.begin() as session:
        assert await forget_old_unclear(session, now()) == 1
    assert [row.words for row in await rows(sessions)] == ["社区有书借吗"]


async def fill(sessions: Sessions, cast: Cast) -> None:
    """Three ask for books here, one for something else; one in the other community, one of nowhere."""
    for number, words in enumerate(("社区有书借吗", "社区有书借吗", "图书角几点开")):
        await note(sessions, cast.owner.resident_id, words, vector(0, number / 10), "ask_procedure")
    await note(sessions, cast.neighbour.resident_id, "嗯呐那个啥", vector(50))
    await note(sessions, cast.stranger.resident_id, "河边的灯", vector(90))


async def test_groups_by_likeness_the_largest_first(sessions: Sessions, cast: Cast) -> None:
    await fill(sessions, cast)
    async with sessions() as session:
        books, other = await find_groups(session, cast.here.staff[PartyType.COMMITTEE])
    assert (len(books.messages), books.words) == (3, ["社区有书借吗", "图书角几点开"])
    assert books.guessed == ["ask_procedure"]
    assert other.words == ["嗯呐那个啥"]


async def test_communities_are_walls_and_the_street_sees_all(sessions: Sessions, cast: Cast) -> None:
    await fill(sessions, cast)
    seen = {
        "here": cast.here.staff[PartyType.COMMITTEE],
        "there": cast.there.staff[PartyType.COMMITTEE],
        "street": cast.street,
        "admin": cast.admin,
    }
    async with sessions() as session:
        groups = {name: await find_groups(session, actor) for name, actor in seen.items()}
    counts = {name: sum(len(group.messages) for group in found) for name, found in groups.items()}
    assert counts == {"here": 4, "there": 1, "street": 5, "admin": 5}


def others(cast: Cast) -> list[StaffActor]:
    kept_out = (PartyType.SOCIAL_WORK_TEAM, PartyType.PROPERTY_COMPANY, PartyType.VOLUNTEER_TEAM)
    return [cast.here.staff[kind] for kind in kept_out]


async def test_who_has_other_work_sees_and_does_nothing(sessions: Sessions, cast: Cast) -> None:
    await fill(sessions, cast)
    (first, *_) = await rows(sessions)
    for actor in others(cast):
        async with sessions.begin() as session:
            assert await find_acts(session, actor) == []
            with pytest.raises(NotFound):
                await find_groups(session, actor)
            for refused in (
                teach_group(session, actor, [first.id], "greet", ["社区有书借吗"]),
                answer_group(session, actor, [first.id], ENTRY),
                ignore_group(session, actor, [first.id]),
                find_examples(session, actor),
            ):
                with pytest.raises(NotAllowed):
                    await refused


async def test_the_other_committee_cannot_settle_ours(sessions: Sessions, cast: Cast) -> None:
    await fill(sessions, cast)
    ours = [row.id for row in await rows(sessions) if row.community_id == cast.here.community.id]
    there = cast.there.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        with pytest.raises(NotFound):
            await ignore_group(session, there, ours)
        with pytest.raises(NotFound):
            await get_group(session, there, ours[0])


async def test_a_group_is_taught_masked_and_stands_in_the_history(sessions: Sessions, cast: Cast) -> None:
    await fill(sessions, cast)
    committee = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        (books, _) = await find_groups(session, committee)
        ids = [message.id for message in books.messages]
        said = ["社区有书借吗", "社区有书借吗", "我叫王秀英，想借书", "- [书](x) 在哪"]
        await teach_group(session, committee, ids, "ask_procedure", said)
    async with sessions.begin() as session:
        assert [group.words for group in await find_groups(session, committee)] == [["嗯呐那个啥"]]
        ((act, who),) = await find_acts(session, committee)
        assert (act.act, act.about, act.messages, who) == ("teach", "ask_procedure", 3, committee.name)
        taught = await find_examples(session, committee)
        assert [words for _, words in taught] == ["我叫〔姓名〕，想借书", "社区有书借吗", "（书）(x) 在哪"]
        assert await find_examples(session, cast.there.staff[PartyType.COMMITTEE]) == []
        with pytest.raises(NotFound):
            await ignore_group(session, committee, ids)


async def test_the_export_is_training_data_without_what_is_known(sessions: Sessions, cast: Cast) -> None:
    await fill(sessions, cast)
    async with sessions.begin() as session:
        books, other, *_ = await find_groups(session, cast.here.staff[PartyType.COMMITTEE])
        await teach_group(session, cast.street, [books.typical.id], "ask_procedure", ["书: 借吗", "有书吗"])
        await teach_group(session, cast.street, [other.typical.id], "out_of_scope", ["嗯呐那个啥"])
        written = write_sentences(await find_examples(session), {"有书吗"})
    read = YAML(typ="safe").load(written)
    assert read == {
        "version": "3.1",
        "nlu": [
            {"intent": "ask_procedure", "examples": "- 书: 借吗\n"},
            {"intent": "out_of_scope", "examples": "- 嗯呐那个啥\n"},
        ],
    }
    assert written.startswith("# ")


async def test_a_sentence_taught_twice_is_one_of_the_last_wish(sessions: Sessions, cast: Cast) -> None:
    await fill(sessions, cast)
    async with sessions.begin() as session:
        groups = await find_groups(session, cast.street)
        for group, intent in zip(groups, ("greet", "ask_procedure"), strict=False):
            await teach_group(session, cast.street, [group.typical.id], intent, ["有书吗"])
        assert await find_examples(session) == [("ask_procedure", "有书吗")]
        assert await session.scalar(select(func.count()).select_from(LearnedExample)) == 1


async def test_a_group_becomes_an_answer_of_the_community(sessions: Sessions, cast: Cast) -> None:
    await fill(sessions, cast)
    committee = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        (books, other) = await find_groups(session, committee)
        await answer_group(session, committee, [message.id for message in books.messages], ENTRY)
        with pytest.raises(Refused, match="answer_code_taken"):
            await answer_group(session, committee, [other.typical.id], ENTRY)
    async with sessions() as session:
        row = (await session.scalars(select(AnswerEntry))).one()
        assert (row.community_id, row.written_by) == (cast.here.community.id, committee.staff_id)
        (exported,) = YAML(typ="safe").load(await write_answers(session))
        assert Entry.model_validate(exported).answer == ENTRY.answer


@pytest.mark.parametrize(
    ("intent", "sentences", "refusal"),
    [
        ("crisis", ["不想活了"], "learning_choose_intent"),
        ("", ["有书吗"], "learning_choose_intent"),
        ("greet", ["", " ", "a"], "learning_no_sentence"),
        ("greet", ["长" * 201], "learning_no_sentence"),
    ],
)
async def test_what_cannot_be_taught(
    sessions: Sessions, cast: Cast, intent: str, sentences: list[str], refusal: str
) -> None:
    await fill(sessions, cast)
    async with sessions.begin() as session:
        (group, *_) = await find_groups(session, cast.street)
        with pytest.raises(Refused, match=refusal):
            await teach_group(session, cast.street, [group.typical.id], intent, sentences)
    assert all(row.act_id is None for row in await rows(sessions))


def test_sentences_hold_no_marks_of_rasas_format() -> None:
    said = ["/greet", "- 有书吗", '[书]{"entity":"x"}', "两\n行", "有书吗"]
    assert clean_sentences(said) == ["greet", "有书吗", '（书）（"entity":"x"）', "两 行"]
