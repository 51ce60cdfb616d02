"""Waits for calm, then counts: rules over the rows of some people, each a query that finds what breaks it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg import sql

_VIEWS = """
    CREATE TEMP VIEW person AS
        SELECT * FROM residents WHERE community_id = {community} AND created_at >= {since};
    CREATE TEMP VIEW message AS SELECT * FROM inbound_messages WHERE resident_id IN (SELECT id FROM person);
    CREATE TEMP VIEW row_out AS SELECT * FROM outbox_messages WHERE resident_id IN (SELECT id FROM person);
    CREATE TEMP VIEW reply AS SELECT * FROM row_out WHERE purpose LIKE 'reply:%';
    CREATE TEMP VIEW need AS SELECT * FROM needs WHERE resident_id IN (SELECT id FROM person);
    CREATE TEMP VIEW shown AS
        SELECT t.* FROM thread_items AS t JOIN addresses AS a ON a.id = t.address_id
        WHERE a.resident_id IN (SELECT id FROM person);
    CREATE TEMP VIEW told AS
        SELECT s.address_id, s.seq, o.answers_id, o.purpose FROM shown AS s JOIN row_out AS o ON o.id = s.outbox_id
        WHERE o.answers_id IS NOT NULL;
"""

RULES: Mapping[str, str] = {
    "every message is handled": "SELECT id, state, tries, reason, text FROM message WHERE state <> 'handled'",
    "messages of a person are handled in their order": """
        SELECT id, text, handled_at, before FROM (
            SELECT *, lag(handled_at) OVER (PARTITION BY resident_id ORDER BY id) AS before FROM message
        ) AS line WHERE handled_at < before
    """,
    "a person's messages stand in the thread in their order": """
        SELECT address_id, seq, inbound_id, before FROM (
            SELECT *, lag(inbound_id) OVER (PARTITION BY address_id ORDER BY seq) AS before
            FROM shown WHERE inbound_id IS NOT NULL
        ) AS line WHERE inbound_id < before
    """,
    "every message is shown once": """
        SELECT m.id, m.text, count(s.seq) FROM message AS m LEFT JOIN shown AS s ON s.inbound_id = m.id
        GROUP BY m.id, m.text HAVING count(s.seq) <> 1
    """,
    "every message is answered, once, by bubbles numbered from 0": """
        SELECT m.id, m.text, string_agg(r.purpose, ' ' ORDER BY r.seq) FROM message AS m
        LEFT JOIN reply AS r ON r.answers_id = m.id
        GROUP BY m.id, m.text
        HAVING count(r.id) = 0 OR string_agg(r.purpose, ' ' ORDER BY r.seq) <> (
            SELECT string_agg('reply:' || m.id || ':' || n, ' ' ORDER BY n)
            FROM generate_series(0, count(r.id) - 1) AS n
        )
    """,
    "an excuse is made at most once a message": """
        SELECT answers_id, count(*) FROM row_out WHERE purpose LIKE 'excuse:%' GROUP BY 1 HAVING count(*) > 1
    """,
    "a purpose is queued once": "SELECT purpose, count(*) FROM row_out GROUP BY 1 HAVING count(*) > 1",
    "every row is out, or marked as uncertain": """
        SELECT id, purpose, state, attempts, reason FROM row_out WHERE state <> 'sent' AND NOT uncertain
    """,
    "every row is shown once": """
        SELECT o.id, o.purpose, count(s.seq) FROM row_out AS o LEFT JOIN shown AS s ON s.outbox_id = o.id
        GROUP BY o.id, o.purpose HAVING count(s.seq) <> 1
    """,
    "a reply stands after its message": """
        SELECT t.purpose, t.seq, own.seq FROM told AS t JOIN shown AS own ON own.inbound_id = t.answers_id
        WHERE t.seq < own.seq
    """,
    "replies and excuses stand in the order of their messages, an excuse before the reply": """
        SELECT address_id, before, seq, purpose FROM (
            SELECT *, lag(answers_id) OVER line AS before_id, lag(purpose) OVER line AS before FROM told
            WINDOW line AS (PARTITION BY address_id ORDER BY seq)
        ) AS pair WHERE answers_id < before_id OR (answers_id = before_id AND before > purpose)
    """,
    "what is told about a need stands in the order in which it was done": """
        SELECT need_id, before, purpose FROM (
            SELECT o.need_id, o.purpose, o.seq AS made,
                   lag(o.seq) OVER line AS made_before, lag(o.purpose) OVER line AS before
            FROM shown AS s JOIN row_out AS o ON o.id = s.outbox_id WHERE o.need_id IS NOT NULL
            WINDOW line AS (PARTITION BY o.need_id ORDER BY s.seq)
        ) AS pair WHERE made < made_before
    """,
    "a thread is numbered without a gap": """
        SELECT address_id, count(*), max(seq) FROM shown GROUP BY 1 HAVING max(seq) <> count(*)
    """,
    "a need has the message that confirmed it, and is told as saved in the answer to it": """
        SELECT n.id, n.code, n.message_id FROM need AS n WHERE NOT EXISTS (
            SELECT FROM reply AS r WHERE r.answers_id = n.message_id AND r.message = 'need_saved'
        )
    """,
    "what was told as saved is a need": """
        SELECT r.purpose, r.values FROM reply AS r LEFT JOIN need AS n ON n.message_id = r.answers_id
        WHERE r.message = 'need_saved' AND n.id IS NULL
    """,
    "a need that was resolved is told as resolved, and asked about once a round, one need after the other": """
        SELECT n.id, n.state, s.state, s.held_for, s.due_at,
               (SELECT count(*) FROM row_out AS o WHERE o.need_id = n.id AND o.message = 'need_resolved'),
               (SELECT count(*) FROM row_out AS o WHERE o.need_id = n.id AND o.message = 'survey_ask')
        FROM surveys AS s JOIN need AS n ON n.id = s.need_id
        WHERE (SELECT count(*) FROM row_out AS o WHERE o.need_id = n.id AND o.message = 'need_resolved') <> 1
          OR (SELECT count(*) FROM row_out AS o WHERE o.need_id = n.id AND o.message = 'survey_ask')
             <> CASE WHEN s.state = 'planned' AND s.held_for = 'another_question' THEN 0 ELSE 1 END
    """,
    "a question waits for nothing but another one that the person was asked": """
        SELECT s.id, s.need_id, s.held_for, s.due_at FROM surveys AS s
        WHERE s.resident_id IN (SELECT id FROM person) AND s.state = 'planned' AND NOT EXISTS (
            SELECT FROM surveys AS other WHERE other.resident_id = s.resident_id AND other.state = 'asked'
        )
    """,
}
MOST_SHOWN = 5
QUIET_WITHIN = 300.0
STILL_WAITING = """
    SELECT 'message', state, count(*) FROM inbound_messages WHERE state = 'waiting' GROUP BY state
    UNION ALL SELECT 'row', state, count(*) FROM outbox_messages WHERE state IN ('pending', 'sending') GROUP BY state
    UNION ALL SELECT 'survey', state, count(*) FROM surveys WHERE due_at <= now() GROUP BY state
"""


def wait_until_quiet(database_url: str) -> None:
    """Nothing waits any more, in no queue."""
    end, left = time.monotonic() + QUIET_WITHIN, []
    while time.monotonic() < end:
        with psycopg.connect(database_url) as connection:
            left = connection.execute(STILL_WAITING).fetchall()
        if not left:
            return
        time.sleep(0.5)
    raise AssertionError(f"after {QUIET_WITHIN:.0f} s there still wait: {left}")


def find_broken_rules(database_url: str, community_id: UUID, since: datetime) -> list[str]:
    """A paragraph for each rule that does not hold for those who came since then, with the first rows that break it."""
    broken = []
    with psycopg.connect(database_url) as connection:
        whose = {"community": sql.Literal(community_id), "since": sql.Literal(since)}
        connection.execute(sql.SQL(_VIEWS).format(**whose))
        for rule, query in RULES.items():
            rows = connection.execute(query.encode()).fetchall()
            if rows:
                shown = "\n".join(f"    {row}" for row in rows[:MOST_SHOWN])
                broken.append(f"{rule} — not so in {len(rows)} cases:\n{shown}")
    return broken
