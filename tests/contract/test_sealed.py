"""Every column that could hold words is sealed, or stands here as one that need not be: nobody forgets to decide.

Why each of these is open stands in docs/decisions/0022-what-people-write-is-sealed.md.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Enum, String, Table
from sqlalchemy.dialects.postgresql import JSONB

from community.base import SealedJson, SealedText
from operations.tables import metadata

CODES = {  # closed lists, ids, names of messages and acts, addresses of machines
    "action_answers": "action",
    "addresses": "outside_id",
    "alerts": "ended_why",
    "audit_acts": "details",
    "channel_paces": "reason",
    "files": "media_type",
    "heartbeats": "name",
    "inbound_messages": "outside_id files reason",
    "limit_counters": "key",
    "needs": "routing_why routing_values",
    "outbox_messages": "purpose message reason outside_id",
    "sealing_keys": "proof",
    "turn_leases": "owner",
    "unclear_messages": "guesses",
    "wechat_uploads": "media_id",
}
OF_THE_OFFICE = {  # what staff write for everybody, about the office and about who works there
    "activities": "title_zh title_en words where_zh where_en bring contact rule",
    "activity_history": "why",
    "answer_entries": "title_zh title_en answer_zh answer_en source_zh source_en source_url phones buttons",
    "answer_questions": "words",
    "calendar_changes": "before after why",
    "canned_answers": "title_zh title_en zh en",
    "communities": "zh en zone phone office_hours",
    "duty_shifts": "phone",
    "hotlines": "zh en purpose_zh purpose_en hours dangers",
    "kind_texts": "zh en phone",
    "learned_examples": "words",
    "learning_acts": "about",
    "matrix_proposals": "before after why decided_why",
    "notice_templates": "title_zh title_en text_zh text_en",
    "notices": "title_zh title_en text_zh text_en audience repeat",
    "parties": "zh en phone",
    "places": "zh en",
    "staff": "sign_in name password_hash",
    "saved_audiences": "audience",
    "streets": "zh en",
    "teams": "name",
}
LONGEST_CODE = 79
"""A column for shorter texts holds a code."""


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_what_could_hold_words_is_sealed_or_named_here(table: Table) -> None:
    named = {*CODES.get(table.name, "").split(), *OF_THE_OFFICE.get(table.name, "").split()}
    assert {column.name for column in table.columns if could_hold_words(column)} == named


def could_hold_words(column: Column[object]) -> bool:
    """Whether the type has room for a sentence that anybody could read."""
    if isinstance(column.type, SealedText | SealedJson | Enum):
        return False
    if isinstance(column.type, String):
        return column.type.length is None or column.type.length > LONGEST_CODE
    return isinstance(column.type, JSONB)
