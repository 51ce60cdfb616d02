"""All else that the table of rights is about: alerts, shifts, conversations, proposals, accounts, each made anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import count, cycle
from uuid import uuid4

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Part, Shift
from community.activities.months import month_after
from community.activities.usecases.planning import plan_activity, publish_activity
from community.alerts.usecases import raise_alert
from community.answers.search import SIZE
from community.calendar.usecases import set_day
from community.callbacks.models import CallBackWhy
from community.callbacks.planning import plan_call_back
from community.canned.models import CannedAnswer, CannedFor
from community.clock import now
from community.consents.models import ConsentField
from community.consents.usecases import Sharing, answer_consent, ask_consent, withdraw_consent
from community.conversations.models import Handover
from community.conversations.talking import talk_about_need
from community.conversations.usecases import ask_for_person, take_conversation
from community.filters.usecases import save_filter
from community.hotlines.models import Danger, Hotline
from community.inbox.models import InboundMessage, InboundState
from community.learning.noting import Unclear, note_unclear
from community.needs.kinds import KINDS
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, resolve_need
from community.notices.audiences import Audience
from community.notices.models import Notice, NoticeRecipient, NoticeState, RecipientState
from community.notices.saved import save_audience
from community.notices.sending.models import NoticeSending
from community.notices.templates import NewTemplate, keep_template
from community.notices.usecases.approving import submit_notice
from community.notices.usecases.drafting import Draft, draft_notice
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from community.parties.models import DutyShift, Party, PartyType, Role, Staff
from community.residents.models import Language
from community.residents.usecases import Known, claim_home, meet_person
from community.roster.swaps import ask_swap
from community.routing.people import add_absence
from community.routing.proposals import NewLine, propose_line
from community.signups.models import SignUpState
from community.signups.usecases.joining import join_shift
from community.staff_reach.linking import link_staff
from community.substitutes.usecases import call_for_more
from community.surveys.models import Survey
from community.teams.usecases import make_team
from tests.cast import Cast
from tests.community.activities.plans import make_plan
from tests.web.staff.conftest import LIFT, LOW_MOOD, SECRET, WORDS, actor_of
from tests.web.staff.rights.needs_of import NeedMaker, Thing


class Maker:
    """Makes the record that a row names, never the same twice."""

    def __init__(self, cast: Cast, needs: NeedMaker) -> None:
        self.cast, self.needs = cast, needs
        self.numbers = count(1)
        self.kinds = cycle(KINDS)

    async def make(self, session: AsyncSession, route: str, of: str) -> Thing:
        """What this route is asked about."""
        for part, how in _MAKERS.items():
            if part in route:
                return await how(self, session, route, of)
        return Thing(of=of)

    async def need(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A need, or one of its photos or parts."""
        act = route.rpartition("/")[2]
        return await self.needs.make(session, "public" if "{part_id}" in route else of, act)

    async def bulk(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A need of the property company among those that were chosen; `of` is the act."""
        thing = await self.needs.make(session, "public", of)
        thing.ids["act"], thing.of = of, of
        return thing

    async def filter(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A filter that who leads has kept."""
        owner = actor_of(self.cast, "here.property_company")
        return Thing({"filter_id": (await save_filter(session, owner, f"筛选{uuid4().hex[:8]}", "")).id}, of)

    async def part(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A part that was asked for; `of` is what is done with it."""
        thing = await self.needs.make(session, "public", "")
        thing.ids["name"], thing.of = of, of
        return thing

    async def alert(self, session: AsyncSession, route: str, of: str) -> Thing:
        """An alert that rings for a need."""
        thing = await self.needs.make(session, of, "")
        assert thing.need is not None
        danger = Danger.INJURY if of == "public" else Danger.SELF_HARM
        thing.ids["alert_id"] = (await raise_alert(session, thing.need, danger, now())).id
        return thing

    async def own_account(self, session: AsyncSession, route: str, of: str) -> Thing:
        """An account on Telegram that a colleague of the committee has linked."""
        known = await meet_person(session, "telegram", f"colleague {next(self.numbers)}")
        committee = actor_of(self.cast, "here.committee")
        await link_staff(session, committee.staff_id, known.resident_id, known.address_id)
        return Thing({"address_id": known.address_id}, of)

    async def consent(self, session: AsyncSession, route: str, of: str) -> Thing:
        """The resident was asked whether the property company may see the photos, and said yes, or took it back."""
        thing = await self.needs.make(session, "confidential", "")
        assert thing.need is not None
        worker, company = (
            actor_of(self.cast, f"here.{party}") for party in ("social_work_team", "property_company")
        )
        sharing = Sharing((ConsentField.PHOTOS,), "帮您装扶手", now() + timedelta(days=3))
        consent = await ask_consent(session, worker, thing.need.id, company.party_id, sharing)
        if of != "asked":
            await answer_consent(session, thing.need.resident_id, consent.id, agree=True)
        if of == "withdrawn":
            await withdraw_consent(session, thing.need.resident_id, consent.id)
        thing.ids |= {"consent_id": consent.id, "name": of}
        thing.of = of
        return thing

    async def hotline(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A number of the community."""
        number = next(self.numbers)
        line = Hotline(
            community_id=self.cast.here.community.id,
            number=f"1{number:04}",
            zh=f"热线{number}",
            en=f"Line {number}",
            purpose_zh="问事",
            purpose_en="Questions",
            hours={},
            dangers=[],
            position=number,
        )
        session.add(line)
        await session.flush()
        return Thing({"community_id": line.community_id, "line_id": line.id}, of)

    async def shift(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A shift of the party in a week of its own; a swap that is asked of the colleague."""
        who = actor_of(self.cast, "here.committee" if of == "committee" else "here.social_work_team")
        starts = now().replace(hour=1, minute=0) + timedelta(days=7 * next(self.numbers))
        shift = DutyShift(
            party_id=who.party_id,
            staff_id=who.staff_id,
            starts_at=starts,
            ends_at=starts + timedelta(hours=4),
        )
        session.add(shift)
        await session.flush()
        thing = Thing({"party_id": who.party_id, "shift_id": shift.id}, of)
        thing.code = (starts + timedelta(days=1)).date().isoformat()
        if "{swap_id}" in route:
            other = actor_of(self.cast, "here.social_work_team.2")
            thing.ids["swap_id"] = (await ask_swap(session, who, shift.id, other.staff_id)).id
        return thing

    async def absence(self, session: AsyncSession, route: str, of: str) -> Thing:
        """Somebody of the social work team is away."""
        who = actor_of(self.cast, "here.social_work_team")
        starts = now() + timedelta(days=next(self.numbers))
        absence = await add_absence(session, who, who.staff_id, starts, starts + timedelta(hours=1))
        await session.flush()
        return Thing({"absence_id": absence.id}, of)

    async def handover(self, session: AsyncSession, route: str, of: str) -> Thing:
        """Somebody wants a person of the committee, who has taken it where the act is to write."""
        person = await self._meet(session)
        handover = await ask_for_person(session, person.resident_id, "想问问居住证")
        if route.endswith("write"):
            await take_conversation(session, actor_of(self.cast, "here.committee"), handover.id)
        return Thing({"handover_id": handover.id}, of)

    async def talk(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A need whose resident talks with nobody, or with who leads it where the act needs that."""
        thing = await self.needs.make(session, of, "")
        assert thing.need is not None
        await session.execute(
            update(Handover).where(Handover.resident_id == thing.need.resident_id).values(ended_at=now())
        )
        if not route.endswith("/talk"):
            await talk_about_need(session, self.needs.leader(of), thing.need.id)
        return thing

    async def undelivered(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A message about a need that did not arrive."""
        thing = await self.needs.make(session, of, "")
        purpose = f"test:{next(self.numbers)}"
        said = {"words": WORDS if of == "public" else "小李", "name": "王"}
        assert thing.need is not None
        await enqueue_message(
            session, thing.need.resident_id, "staff_answer", purpose, values=said, need_id=thing.need.id
        )
        row = (await session.scalars(select(OutboxMessage).where(OutboxMessage.purpose == purpose))).one()
        row.state = OutboxState.SUPPRESSED if route.endswith("told") else OutboxState.FAILED
        thing.ids["outbox_id"] = row.id
        return thing

    async def canned(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A canned answer of the property company."""
        party = self.cast.here.parties[PartyType.PROPERTY_COMPANY]
        answer = CannedAnswer(
            party_id=party.id, fits=CannedFor.ASK, title_zh="几点", title_en="When", zh="几点？", en="When?"
        )
        session.add(answer)
        await session.flush()
        return Thing({"party_id": party.id, "canned_id": answer.id}, of)

    async def stuck(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A message of a resident that could not be handled."""
        message = InboundMessage(
            address_id=self.cast.owner.address_id,
            resident_id=self.cast.owner.resident_id,
            channel="web",
            outside_id=uuid4().hex,
            text="您好",
            state=InboundState.STUCK,
            tries=3,
            due_at=now(),
            reason="bot_failed",
        )
        session.add(message)
        await session.flush()
        return Thing({"message_id": message.id}, of)

    async def unclear(self, session: AsyncSession, route: str, of: str) -> Thing:
        """Words that were not understood, alone in their group."""
        person, number = await self._meet(session), next(self.numbers)
        vector = np.eye(SIZE, dtype=np.float16)[number].tobytes()
        noted = await note_unclear(session, person.resident_id, Unclear(f"图书角{number}点开", vector, ()))
        return Thing({"message_id": noted}, of, code=str(number))

    async def proposal(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A line that a social worker proposes, of a kind for which none waits."""
        lead = self.cast.here.parties[PartyType.VOLUNTEER_TEAM]
        proposer = actor_of(self.cast, "here.social_work_team.2")
        line = NewLine(next(self.kinds), lead.id)
        found = await propose_line(session, proposer, self.cast.here.community.id, line, "试试")
        await session.flush()
        return Thing({"proposal_id": found.id, "act": of}, of)

    async def line(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A kind for which no proposal waits."""
        return Thing({}, of, code=next(self.kinds))

    async def day(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A date that the community has set itself."""
        committee = actor_of(self.cast, "here.committee")
        date = (now() + timedelta(days=next(self.numbers))).date()
        await set_day(session, committee, self.cast.here.community.id, date, [], "停电")
        return Thing({}, of, code=date.isoformat())

    async def activity(self, session: AsyncSession, route: str, of: str) -> Thing:
        """An activity of the committee with a shift and somebody in it, as far as the act needs them."""
        who, act = actor_of(self.cast, "here.committee"), route.rpartition("/")[2]
        is_near = act in ("arrived", "gone", "code.svg")
        begins = now() + (timedelta(minutes=20) if is_near else timedelta(days=next(self.numbers)))
        if act == "month":  # a day of next month that the month after it has too
            begins = datetime.combine(month_after(begins.date().replace(day=1)), time(4), UTC)
        activity = await plan_activity(session, who, make_plan(begins, closes_minutes=0))
        following = month_after(begins.date().replace(day=1))
        thing = Thing({"activity_id": activity.id}, of, code=f"{following:%Y-%m}")
        if act == "publish":
            return thing
        await publish_activity(session, who, activity.id)
        shift = (await session.scalars(select(Shift).where(Shift.activity_id == activity.id))).one()
        thing.ids["shift_id"] = shift_id = shift.id
        person = await self._meet(session)
        held = await join_shift(session, person.resident_id, shift_id, Part.VOLUNTEER)
        if act in ("minutes", "gone"):
            held.sign_up.state = SignUpState.COMPLETED if act == "minutes" else SignUpState.CHECKED_IN
        thing.ids["resident_id"] = person.resident_id
        if act == "home":
            await claim_home(session, person.resident_id, self.cast.here.unit.id)
        if "/teams" in route:
            name = f"巡逻队{next(self.numbers)}"
            thing.ids["team_id"] = (await make_team(session, who, name, person.resident_id)).id
        thing.ids["sign_up"] = held.sign_up.id
        thing.ids["search"] = (await call_for_more(session, who, shift_id)).id if act == "stop" else uuid4()
        await session.flush()
        return thing

    async def account(self, session: AsyncSession, route: str, of: str) -> Thing:
        """An account of the property company."""
        party: Party = self.cast.here.parties[PartyType.PROPERTY_COMPANY]
        name = f"helper.{next(self.numbers)}"
        staff = Staff(party_id=party.id, role=Role.PARTNER, sign_in=name, name=name)
        session.add(staff)
        await session.flush()
        return Thing({"staff_id": staff.id}, of)

    async def party(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A social organisation on which nothing depends, so that it may end."""
        here = self.cast.here.community
        kind, name = PartyType.SOCIAL_ORGANISATION, f"晚晴社{next(self.numbers)}"
        party = Party(street_id=here.street_id, community_id=here.id, type=kind, zh=name, en=name)
        session.add(party)
        await session.flush()
        return Thing({"party_id": party.id}, of)

    async def kind(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A kind of need, about which something may be told."""
        return Thing({"kind": next(self.kinds)}, of)

    async def call_back(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A call-back of the committee (of a confidential need: the second social worker's); a late one is nobody's."""
        secret = of == "confidential"
        handler = actor_of(self.cast, "here.social_work_team" if secret else "here.property_company")
        caller = actor_of(self.cast, "here.social_work_team.2" if secret else "here.committee")
        person = await self._meet(session)
        made = Report(LOW_MOOD if secret else LIFT, SECRET if secret else WORDS)
        need = await report_need(session, person.resident_id, made)
        await accept_need(session, handler, need.id)
        await resolve_need(session, handler, need.id, "修好了", survey_at=now())
        survey = (await session.scalars(select(Survey).where(Survey.need_id == need.id))).one()
        why = CallBackWhy.NOT_WRITTEN if route.endswith("answered") else CallBackWhy.LOW_SCORE
        call = await plan_call_back(session, need, survey, why, now())
        call.staff_id, call.party_id = None if of == "late" else caller.staff_id, caller.party_id
        await session.flush()
        return Thing({"call_id": call.id}, of)

    async def notice_written(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A notice of the committee, written by a colleague of who asks; who asks leads in an emergency."""
        writer, at = actor_of(self.cast, "here.committee.2"), now()
        if of == "emergency":
            (await session.get_one(Staff, actor_of(self.cast, "here.committee").staff_id)).leads = True
        notice = await draft_notice(
            session,
            writer,
            Draft(of if of == "emergency" else "utilities", "停水", "明天停水。", at + timedelta(days=1)),
        )
        if of == "submitted":
            await submit_notice(session, writer, notice.id)
        return Thing({"notice_id": notice.id}, of)

    async def notice_kept(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A template and an audience that the committee keeps."""
        writer = actor_of(self.cast, "here.committee")
        template = await keep_template(session, writer, NewTemplate("activity", "食堂", "{day}开饭。"))
        audience = await save_audience(session, writer, f"老人{uuid4().hex[:8]}", Audience(age_from=60))
        return Thing({"template_id": template.id, "audience_id": audience.id}, of)

    async def resident(self, session: AsyncSession, route: str, of: str) -> Thing:
        """Somebody of the community."""
        return Thing({"resident_id": (await self._meet(session)).resident_id}, of)

    async def notice_out(self, session: AsyncSession, route: str, of: str) -> Thing:
        """A notice of the committee that somebody got and has not confirmed."""
        at, person = now(), await self._meet(session)
        notice = Notice(
            community_id=self.cast.here.community.id,
            category="utilities",
            state=NoticeState.SENT,
            title_zh="停水",
            text_zh="明天停水。",
            valid_from=at,
            valid_until=at + timedelta(days=1),
            need_receipt=True,
        )
        session.add(notice)
        await session.flush()
        session.add(NoticeSending(notice_id=notice.id, started_at=at))
        session.add(
            NoticeRecipient(
                notice_id=notice.id, resident_id=person.resident_id, state=RecipientState.SENT, queued_at=at
            )
        )
        return Thing({"notice_id": notice.id, "resident_id": person.resident_id}, of)

    async def nothing(self, session: AsyncSession, route: str, of: str) -> Thing:
        """An invitation that nobody was given."""
        return Thing({"token": "of-nobody"}, of)

    async def _meet(self, session: AsyncSession) -> Known:
        home = self.cast.here.community.id
        return await meet_person(session, "web", uuid4().hex, community_id=home, language=Language.ZH)


_MAKERS: Mapping[str, Callable[[Maker, AsyncSession, str, str], Awaitable[Thing]]] = {
    "{notice_id}/progress": Maker.notice_out,
    "{notice_id}/people": Maker.notice_out,
    "{notice_id}/remind": Maker.notice_out,
    "{notice_id}/door": Maker.notice_out,
    "{notice_id}/told/": Maker.notice_out,
    "{notice_id}/untold/": Maker.notice_out,
    "{notice_id}": Maker.notice_written,
    "{template_id}": Maker.notice_kept,
    "{audience_id}": Maker.notice_kept,
    "/staff/residents/{resident_id}": Maker.resident,
    "{need_id}/told": Maker.undelivered,
    "{need_id}/talk": Maker.talk,
    "{need_id}/say": Maker.talk,
    "{need_id}/give-back": Maker.talk,
    "{consent_id}": Maker.consent,
    "{part_id}": Maker.part,
    "/staff/needs/bulk/": Maker.bulk,
    "{filter_id}": Maker.filter,
    "{need_id}": Maker.need,
    "{file_id}": Maker.need,
    "{alert_id}": Maker.alert,
    "/staff/own-accounts/{address_id}": Maker.own_account,
    "/staff/hotlines/": Maker.hotline,
    "/staff/roster": Maker.shift,
    "/staff/activities/": Maker.activity,
    "{absence_id}": Maker.absence,
    "{handover_id}": Maker.handover,
    "{outbox_id}": Maker.undelivered,
    "/staff/canned": Maker.canned,
    "/staff/trouble/inbound/": Maker.stuck,
    "/staff/learning/{message_id}": Maker.unclear,
    "{proposal_id}": Maker.proposal,
    "/staff/matrix/line": Maker.line,
    "/staff/calendar/": Maker.day,
    "{staff_id}": Maker.account,
    "/staff/parties/": Maker.party,
    "/staff/kinds/": Maker.kind,
    "{call_id}": Maker.call_back,
    "{token}": Maker.nothing,
}
