-- Fills Linli's tables with needs made of `patterns` (filling.py); statements are separated by empty lines.
-- %(past)s needs that are over, spread over five years, %(open)s that are not, of %(people)s residents.

INSERT INTO residents (id, community_id, home_claim, created_at)
SELECT md5('person' || n)::uuid, (SELECT community_id FROM patterns WHERE patterns.n = 0), 'none', now()
FROM generate_series(0, %(people)s - 1) AS n

CREATE UNLOGGED TABLE made AS
SELECT
  md5('need' || i)::uuid AS id,
  md5('person' || mod(i, %(people)s))::uuid AS person_id,
  i <= %(past)s AS past,
  mod(i, 20) AS twentieth,
  CASE WHEN i <= %(past)s THEN now() - interval '20 days' - i * (interval '1800 days' / greatest(%(past)s, 1))
    ELSE now() - (i - %(past)s) * interval '7 minutes' END AS created_at,
  -- every number below 30^5 has five signs of its own
  (SELECT string_agg(substr('23456789ABCDEFGHJKMNPQRSTVWXYZ',
      1 + mod(mod(i::bigint * 7368787 + 12345, 24300000) / (30 ^ place)::bigint, 30)::int, 1), '')
    FROM generate_series(0, 4) AS place) AS code,
  patterns.*
FROM generate_series(1, %(past)s + %(open)s) AS i
JOIN patterns ON patterns.n = mod(i::bigint * 7919, (SELECT count(*) FROM patterns))

INSERT INTO needs (
  id, code, community_id, resident_id, kind, words, terms, place_id, urgency, visibility, state, lead_party_id,
  assignee_id, routing_why, first_answer_due_at, first_answered_at, created_at, changed_at, resolved_at, closed_at)
SELECT
  id, code, community_id, person_id, kind, words, CASE WHEN terms = '{}' THEN terms ELSE array_prepend(term, terms) END,
  place_id, urgency, visibility,
  CASE WHEN past THEN CASE WHEN twentieth = 0 THEN 'withdrawn' ELSE 'closed' END
    ELSE (ARRAY['routed', 'accepted', 'in_progress', 'reopened'])[1 + mod(twentieth, 4)] END,
  party_id, CASE WHEN past OR mod(twentieth, 4) > 0 THEN staff_id END, 'matrix',
  created_at + interval '1 day', CASE WHEN past THEN created_at + interval '5 hours' END,
  created_at, created_at + interval '2 days',
  CASE WHEN past THEN created_at + interval '2 days' END, CASE WHEN past THEN created_at + interval '3 days' END
FROM made
JOIN months ON months.month = date_trunc('month', created_at)
ON CONFLICT (code) DO NOTHING

INSERT INTO need_history (need_id, at, staff_id, from_state, to_state, party_id, why)
SELECT id, created_at, staff_id, came_from, came_to, party_id, why
FROM made
CROSS JOIN (VALUES (NULL, 'reported', NULL), ('reported', 'routed', 'matrix'), ('routed', 'accepted', NULL))
  AS steps(came_from, came_to, why)

INSERT INTO need_entries (need_id, kind, staff_id, words, at)
SELECT id, 'answer', staff_id, answer, created_at FROM made WHERE past

INSERT INTO surveys (id, need_id, resident_id, party_id, round, state, answered_at, solved, score, created_at)
SELECT id, id, person_id, party_id, 1, 'answered', created_at + interval '3 days', true, 1 + mod(twentieth, 5), created_at
FROM made WHERE past

INSERT INTO need_assignments (need_id, staff_id, at) SELECT id, staff_id, created_at FROM made

INSERT INTO need_clocks (
  need_id, name, round, minutes, around_the_clock, started_at, counted_from, used, due_at, ended_at, outcome)
SELECT
  id, 'answer', 1, 420, false, created_at, created_at, 0, created_at + interval '1 day',
  CASE WHEN past THEN created_at + interval '5 hours' END, CASE WHEN past THEN 'met' END
FROM made

DROP TABLE made
