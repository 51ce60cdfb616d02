"""For whom a notice is: one set-based statement, for the count, the sample, the expansion and who moves in later.

The wall of a community or street is no part of what is stored: `audience_of` takes it from the notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, not_, or_, select

from community.activities.models import ActivityFollow
from community.clock import now
from community.contact.models import CategoryFollow
from community.notices.kinds import NOTICE_KINDS
from community.notices.models import Notice, NoticeRecipient
from community.places.models import Community
from community.places.queries import places_below
from community.residents.models import Address, AddressState, Language, Resident
from community.residents.tags import TAGS, ResidentTag

OLDEST = 130


@dataclass(frozen=True, slots=True)
class Audience:
    """Whoever fits all that is said; an empty part does not matter.

    `community_id` or `street_id` is the wall; `communities` chooses within a street. `places` hold what lies below
    them. `follows` are categories of notices, `activities` kinds of activities that the person follows: one of them is
    enough, as one of the tags and one of the channels is. Ages are whole years, both ends included. `unconfirmed` is a
    notice that they got and did not confirm. `without_` takes people out again.
    """

    community_id: UUID | None = None
    street_id: UUID | None = None
    communities: Sequence[UUID] = ()
    places: Sequence[UUID] = ()
    follows: Sequence[str] = ()
    activities: Sequence[str] = ()
    language: Language | None = None
    age_from: int | None = None
    age_to: int | None = None
    tags: Sequence[str] = ()
    channels: Sequence[str] = ()
    unconfirmed: UUID | None = None
    without_places: Sequence[UUID] = ()
    without_tags: Sequence[str] = ()
    without_confirmed: UUID | None = None

    def stored(self) -> dict[str, Any]:
        """As it is kept with a notice: what was chosen, without the wall."""
        return {
            name: _plain(value)
            for name in _STORED
            if (value := getattr(self, name)) is not None and (not isinstance(value, Sequence) or value)
        }


_IDS = ("communities", "places", "without_places")
_CODES = ("follows", "activities", "tags", "channels", "without_tags")
_ONE_ID = ("unconfirmed", "without_confirmed")
_AGES = ("age_from", "age_to")
_STORED = (*_IDS, *_CODES, *_ONE_ID, *_AGES, "language")


def audience_of(notice: Notice) -> Audience:
    """The audience of a notice within its wall."""
    return read_audience(notice.audience, community_id=notice.community_id, street_id=notice.street_id)


def read_audience(
    stored: Mapping[str, Any], *, community_id: UUID | None = None, street_id: UUID | None = None
) -> Audience:
    """What `Audience.stored` kept, within a wall."""
    parts: dict[str, Any] = {name: tuple(map(UUID, stored.get(name, ()))) for name in _IDS}
    parts |= {name: tuple(stored.get(name, ())) for name in _CODES}
    parts |= {name: UUID(stored[name]) for name in _ONE_ID if stored.get(name)}
    parts |= {name: int(stored[name]) for name in _AGES if stored.get(name) is not None}
    if stored.get("language"):
        parts["language"] = Language(stored["language"])
    return Audience(community_id=community_id, street_id=street_id, **parts)


def residents_in(audience: Audience) -> Select[UUID]:
    """The ids of the residents who are in it, in no order. Nobody where no wall is given."""
    return select(Resident.id).where(*conditions_of(audience))


def conditions_of(audience: Audience) -> Sequence[ColumnElement[bool]]:
    """The audience as conditions on residents, for statements that also read what is in their rows."""
    rules = [
        _wall(audience),
        Resident.home_id.in_(places_below(audience.places)) if audience.places else None,
        _follows(audience) if audience.follows or audience.activities else None,
        Resident.language == audience.language if audience.language else None,
        *_ages(audience),
        _tagged(audience.tags) if audience.tags else None,
        _on(audience.channels) if audience.channels else None,
        _got(audience.unconfirmed, confirmed=False) if audience.unconfirmed else None,
        _lives_not(audience.without_places) if audience.without_places else None,
        not_(_tagged(audience.without_tags)) if audience.without_tags else None,
        not_(_got(audience.without_confirmed, confirmed=True)) if audience.without_confirmed else None,
    ]
    return [rule for rule in rules if rule is not None]


def _wall(audience: Audience) -> ColumnElement[bool]:
    if audience.community_id is not None:
        return Resident.community_id == audience.community_id
    if audience.street_id is None:
        return false()
    inside = select(Community.id).where(Community.street_id == audience.street_id)
    if audience.communities:
        inside = inside.where(Community.id.in_(audience.communities))
    return Resident.community_id.in_(inside)


def _lives_not(places: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(Resident.home_id.is_(None), Resident.home_id.not_in(places_below(places)))


def _follows(audience: Audience) -> ColumnElement[bool]:
    kinds = [_wants(code) for code in audience.follows]
    if audience.activities:
        kinds.append(
            Resident.id.in_(
                select(ActivityFollow.resident_id).where(ActivityFollow.kind.in_(audience.activities))
            )
        )
    return or_(*kinds)


def _wants(category: str) -> ColumnElement[bool]:
    """Who said that they want the category, or said nothing where it goes to everybody."""
    kind = NOTICE_KINDS.get(category)
    said = select(CategoryFollow.resident_id).where(CategoryFollow.category == category)
    if kind is not None and kind.followed:
        return Resident.id.not_in(said.where(CategoryFollow.follows.is_(False)))
    return Resident.id.in_(said.where(CategoryFollow.follows.is_(True)))


def _ages(audience: Audience) -> Sequence[ColumnElement[bool]]:
    """By the year of birth alone: whoever turns sixty this year counts as sixty."""
    year = now().year
    rules: list[ColumnElement[bool]] = []
    if audience.age_from is not None:
        rules.append(Resident.birth_year <= year - audience.age_from)
    if audience.age_to is not None:
        rules.append(Resident.birth_year >= year - audience.age_to)
    return rules


def _tagged(tags: Sequence[str]) -> ColumnElement[bool]:
    known = [tag for tag in tags if tag in TAGS]
    return Resident.id.in_(select(ResidentTag.resident_id).where(ResidentTag.tag.in_(known)))


def _on(channels: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(
        Address.resident_id == Resident.id,
        Address.channel.in_(channels),
        Address.state == AddressState.ACTIVE,
    )


def _got(notice_id: UUID, *, confirmed: bool) -> ColumnElement[bool]:
    is_confirmed = NoticeRecipient.confirmed_at.is_not(None)
    rule = and_(NoticeRecipient.notice_id == notice_id, is_confirmed if confirmed else not_(is_confirmed))
    return Resident.id.in_(select(NoticeRecipient.resident_id).where(rule))


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value
