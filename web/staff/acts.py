"""What the signed-in person may do with a need now: which buttons are shown. The use-cases check again."""

from __future__ import annotations

from community.actors import StaffActor
from community.needs.models import TRANSITIONS, Need, NeedState, Visibility
from community.needs.queries import NeedPage
from community.needs.rights import may_take
from community.parties.models import Role


def find_acts(actor: StaffActor, page: NeedPage) -> frozenset[str]:
    """Names of acts, of this list.

    take, accept, start, answer, ask, stop_waiting, note, resolve, assign, hand_over, decline, change_kind, errand,
    decide, part, merge, split, consent, talk.
    """
    need = page.line.need
    if not page.line.readable:
        return frozenset({"take"}) if may_take(actor, need) else frozenset()
    if need.lead_party_id != actor.party_id:
        return frozenset({"note"})
    if need.merged_into is not None:
        return frozenset({"note", "split"})
    return frozenset({"note", *_leading(actor, need)})


def _leading(actor: StaffActor, need: Need) -> set[str]:
    follows = TRANSITIONS[need.state]
    acts = set() if need.state is NeedState.WITHDRAWN else {"answer"}
    if NeedState.RESOLVED in follows:
        acts.add("resolve")
    if NeedState.ACCEPTED in follows:
        acts.add("accept")
    if NeedState.IN_PROGRESS in follows and need.state is NeedState.ACCEPTED:
        acts.add("start")
    if NeedState.ROUTED in follows:
        acts |= {"talk", "assign", "hand_over", "change_kind", *_steering(actor, need)}
    if NeedState.DECLINED in follows and _may_decline(actor, need):
        acts.add("decline")
    if need.routing_why == "street_decided":  # it goes back or on to nobody
        acts -= {"hand_over", "decline", "errand"}
    return acts


def _steering(actor: StaffActor, need: Need) -> set[str]:
    acts = {"part", "merge", "stop_waiting"} if need.waiting_since is not None else {"part", "merge", "ask"}
    if need.visibility is Visibility.CONFIDENTIAL:
        acts.discard("merge")
        acts.add("consent")
    if actor.role is Role.STREET:
        acts.add("decide")
    if actor.role is Role.SOCIAL_WORKER and need.state is NeedState.ROUTED:
        acts |= {"errand"} if need.visibility is not Visibility.CONFIDENTIAL else set()
    return acts


def _may_decline(actor: StaffActor, need: Need) -> bool:
    return actor.role is not Role.STREET and need.visibility is not Visibility.CONFIDENTIAL
