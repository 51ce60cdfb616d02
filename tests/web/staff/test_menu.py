"""The places of the console: who sees which, where they stand on a phone, and what their badges count."""

from __future__ import annotations

from uuid import uuid4

import pytest

from community.actors import StaffActor
from community.parties.models import Role
from web.pages import FOLDER
from web.staff.console import DOORS
from web.staff.menu import COUNTS, IN_BAR, PLACES, Group, Menu, Place, make_menu
from web.words import all_words

NOTHING = dict.fromkeys(COUNTS, 0)
ICONS = (FOLDER / "pages" / "icons.html").read_text(encoding="utf-8")


def menu_of(role: Role, **counts: int) -> Menu:
    community = None if role in (Role.STREET, Role.ADMIN) else uuid4()
    return make_menu(StaffActor(uuid4(), role, uuid4(), community, uuid4(), "x"), NOTHING | counts)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.address)
def test_every_place_is_a_page_with_words_and_an_icon(place: Place) -> None:
    addresses = {route.path for door in DOORS for route in door.router.routes}
    assert {place.address, *place.tabs} <= addresses
    assert f'name == "{place.icon}"' in ICONS
    assert place.name in all_words()
    assert set(place.counts) <= set(COUNTS)
    assert not place.counts or place.said in all_words()


@pytest.mark.parametrize("group", Group)
def test_every_group_has_words(group: Group) -> None:
    assert f"staff.places_{group}" in all_words()


@pytest.mark.parametrize("role", Role)
def test_a_phone_shows_the_first_places_and_the_rest_behind_one_button(role: Role) -> None:
    menu = menu_of(role)
    shown = [*menu.bar, *(place for _, places in menu.rest for place in places)]
    assert len(menu.bar) == IN_BAR or not menu.rest
    assert len(menu.bar) <= IN_BAR + 1
    assert all(role in each.place.roles for each in shown)
    assert len({each.address for each in shown}) == len(shown)


def test_badges_add_up_and_the_street_comes_to_what_it_decides() -> None:
    counts = {"reminders": 2, "undecided": 3, "roster": 4}
    street = menu_of(Role.STREET, **counts)
    pressing = next(each for each in street.bar if "undecided" in each.place.counts)
    assert (pressing.address, pressing.count) == ("/staff/decide", 5)
    assert pressing.holds("/staff/decide")
    assert pressing.holds("/staff/reminders")
    assert not pressing.holds("/staff/needs")
    assert street.waiting == 4
    assert menu_of(Role.COMMITTEE, **counts).bar[1].address == "/staff/reminders"
