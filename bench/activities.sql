-- Fills Linli's tables with volunteers and what they did (activities.py); statements are separated by empty lines.
-- %(people)s volunteers of one community, %(past)s sign-ups that are over, spread over five years.

CREATE TEMP TABLE ground AS
SELECT a.id AS activity_id, a.community_id FROM activities AS a WHERE a.id = %(activity)s

INSERT INTO residents (id, community_id, home_claim, created_at)
SELECT md5('helper' || n)::uuid, ground.community_id, 'none', now() FROM generate_series(1, %(people)s) AS n, ground

INSERT INTO addresses (id, resident_id, channel, outside_id, state, thread_length, last_seen_at)
SELECT md5('helper at' || n)::uuid, md5('helper' || n)::uuid, 'web', 'helper-' || n, 'active', 0, now()
FROM generate_series(1, %(people)s) AS n

INSERT INTO volunteers (resident_id, community_id, since, asked, asked_at)
SELECT md5('helper' || n)::uuid, ground.community_id, now() - interval '1 year', mod(n, 7), now() - interval '30 days'
FROM generate_series(1, %(people)s) AS n, ground

CREATE TEMP TABLE past_shifts AS
SELECT md5('shift' || n)::uuid AS id, md5('places' || n)::uuid AS places_id, n,
  now() - interval '10 days' - n * (interval '1800 days' / greatest(%(past)s / 20, 1)) AS starts_at
FROM generate_series(1, greatest(%(past)s / 20, 1)) AS n

INSERT INTO shifts (id, activity_id, community_id, starts_at, ends_at, secret, moves, ended_at)
SELECT id, activity_id, community_id, starts_at, starts_at + interval '2 hours', '\x00', 0, starts_at + interval '4 hours'
FROM past_shifts, ground

INSERT INTO shift_places (id, shift_id, part, places, taken) SELECT places_id, id, 'volunteer', 20, 20 FROM past_shifts

INSERT INTO sign_ups (
  id, shift_id, places_id, resident_id, state, people, starts_at, ends_at, created_at, checked_in_at, minutes)
SELECT md5('sign up' || i)::uuid, s.id, s.places_id, md5('helper' || 1 + mod(i * 7, %(people)s))::uuid, 'completed', 1,
  s.starts_at, s.starts_at + interval '2 hours', s.starts_at - interval '3 days', s.starts_at, 120
FROM generate_series(1, %(past)s) AS i
JOIN past_shifts AS s ON s.n = 1 + mod(i, greatest(%(past)s / 20, 1))

INSERT INTO sign_up_history (sign_up_id, at, from_state, to_state)
SELECT id, starts_at, 'checked_in', 'completed' FROM sign_ups WHERE state = 'completed'
