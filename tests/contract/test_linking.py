"""When two residents become one no table is forgotten, no column of theirs, and no row that others lead to is lost."""

from __future__ import annotations

import pytest

from community.contact.names import CHANNEL_NAMES
from community.linking.moving import column_of, unique_sets
from community.linking.rules import PROFILE, RULES, Drop, Move
from operations.places import ROOT
from operations.tables import metadata
from web.words import all_words

RESIDENTS = metadata.tables["residents"]
POINTING = {
    f"{table.name}.{key.parent.name}"
    for table in metadata.sorted_tables
    for key in table.foreign_keys
    if key.column is RESIDENTS.columns["id"]
}


def test_every_table_that_leads_to_a_resident_has_a_rule() -> None:
    assert set(RULES) == POINTING


def test_no_table_names_a_resident_without_a_foreign_key() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name == "resident_id"
    }
    assert named <= POINTING


def test_every_column_of_a_resident_is_taken_over() -> None:
    assert set(RESIDENTS.columns.keys()) == PROFILE


@pytest.mark.parametrize("name", sorted(RULES))
def test_what_is_deleted_leads_nowhere_else(name: str) -> None:
    """A row that clashes is deleted, unless the merge has settled it before: then others may lead to it."""
    rule, column = RULES[name], column_of(name)
    deletes = isinstance(rule, Drop) or (not rule.settled and any(True for _ in unique_sets(column)))
    led_to = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if str(key.column.table) == str(column.table)
    }
    assert not deletes or not led_to


def test_an_order_names_columns_of_its_table() -> None:
    for name, rule in RULES.items():
        if isinstance(rule, Move) and rule.better:
            names = {part.split()[0] for part in rule.better.split(",")}
            assert names <= set(column_of(name).table.columns.keys())


def test_every_channel_has_a_name_in_messages_and_on_pages() -> None:
    channels = {path.parent.name for path in (ROOT / "channels").glob("*/channel.py")}
    assert channels == set(CHANNEL_NAMES)
    for channel in channels:
        for place in ("m", "staff_accounts"):
            assert f"{place}.channel_{channel}" in all_words()
