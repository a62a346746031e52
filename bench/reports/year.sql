-- A year of tickets, each made of its number; the row of a number is written down in seeding.py.
INSERT INTO tickets_ticket (number, subject, status, priority, channel, requester_id, organisation_id, team_id,
    assignee_id, kind, fields, created_at, updated_at, waits_for, solved_at, next_due_at, trashed_as)
SELECT n, 'x', CASE WHEN n > %(size)s * 0.99 THEN 'open' ELSE 'closed' END, priority, 'email', customer, house, team,
    CASE WHEN n > %(size)s * 0.99 AND n %% 10 = 0 THEN NULL ELSE agent END, 'question', '{}', at, at, '',
    CASE WHEN n > %(size)s * 0.99 THEN NULL ELSE at + interval '1 day' END,
    CASE WHEN n > %(size)s * 0.99 THEN %(now)s::timestamptz + interval '1 minute' * (n %% 3000 - 100) END, ''
FROM EACH;

INSERT INTO tickets_event (ticket_id, kind, actor_id, at, data, reference)
SELECT n, (ARRAY['ticket.opened', 'ticket.assigned', 'ticket.replied', 'ticket.customer_wrote', 'ticket.status',
    'ticket.noted', 'ticket.replied', 'ticket.tagged', 'ticket.status', 'ticket.status'])[line], agent,
    at + interval '1 hour' * line, '{}', ''
FROM EACH, generate_series(1, 10) AS line;

INSERT INTO tickets_ticketservice (ticket_id, service_id, reference)
SELECT n, %(service)s + n %% %(services)s, '' FROM EACH;

INSERT INTO reports_ticketfact (ticket_id, opened_at, first_team_id, team_id, agent_id, organisation_id,
    customer_id, priority, first_reply_at, first_reply_seconds, solved_at, solve_seconds, replies, reopens, parties,
    hand_offs, bounces, unowned_seconds, load, score, rated_at)
SELECT n, at, team, team, agent, house, customer, priority,
    at + interval '1 second' * reply, reply, at + interval '1 second' * solve, solve, 1 + n %% 4, (n %% 10 = 0)::int,
    1 + n %% 5, n %% 3, (n %% 7 = 0)::int, reply / 2, n %% 20,
    CASE WHEN n %% 5 = 0 THEN 1 + n %% 5 END, CASE WHEN n %% 5 = 0 THEN at + interval '2 days' END
FROM (SELECT *, (((hashint8(n * 3 + 3) & 2147483647) / 2147483647.0) * 20000)::int AS reply, (((hashint8(n * 5 + 5) & 2147483647) / 2147483647.0) * 200000)::int AS solve FROM EACH) AS known;

INSERT INTO reports_promisefact (clock_id, ticket_id, metric, policy_id, priority, team_id, agent_id,
    organisation_id, home_id, owner_id, started_at, decided_at, is_kept, is_kept_honestly, target_seconds, used_seconds, paused_seconds)
SELECT (n - 1) * 3 + place, n, (ARRAY['first_response', 'next_response', 'resolution'])[place], %(policy)s, priority,
    team, agent, house, team, agent, at, at + interval '1 hour' * place * 4, ((hashint8(n * 7 + 7) & 2147483647) / 2147483647.0) < 0.95, ((hashint8(n * 7 + 7) & 2147483647) / 2147483647.0) < 0.94, 21600, 9000, 60
FROM EACH, generate_series(1, 3) AS place WHERE place < 3 OR n %% 2 = 0;

INSERT INTO reports_escalationfact (escalation_id, ticket_id, kind, origin, reason, state, severity, cause, team_id,
    agent_id, organisation_id, customer_id, home_id, owner_id, procedure_id, opened_at, is_approved, is_told_in_time, promises_kept,
    promises_broken, acknowledge_seconds, level, level_seconds, is_bounced, initiate_seconds, communicate_seconds,
    resolve_seconds, close_seconds, resolved_at, solve_seconds, closed_at)
SELECT n, n, (ARRAY['automatic', 'functional', 'hierarchical'])[1 + n / 20 %% 3], 'agent', 'technical',
    CASE WHEN n %% 100 = 0 THEN 'resolved' ELSE 'closed' END, 1 + n / 20 %% 4,
    (ARRAY['load', 'product', 'ownership', 'experience', 'third_party'])[1 + n / 20 %% 5],
    team, agent, house, customer, team, agent, %(procedure)s, at, n %% 3 = 0, n %% 7 > 0, 2, (n %% 11 = 0)::int, 600, 1 + n / 20 %% 3,
    300, CASE WHEN n / 20 %% 3 = 1 THEN n %% 9 = 0 END, 900, 1800, 7200, 90000, at + interval '3 hours', 10800,
    at + interval '1 day'
FROM EACH WHERE n %% 20 = 0;

INSERT INTO escalation_affectedcustomer (escalation_id, person_id, added_at, left_out, access_waived)
SELECT n, %(customer)s + (n + place) %% %(houses)s, %(now)s, '', ''
FROM generate_series(20, %(size)s, 20) AS n, generate_series(1, 2) AS place;

INSERT INTO reports_loadhour (hour, team_id, open, people)
SELECT date_trunc('hour', %(now)s::timestamptz) - interval '1 hour' * n, %(team)s + place, 20 + n %% 30, 5 + n %% 5
FROM generate_series(1, 24 * 365) AS n, generate_series(0, %(teams)s - 1) AS place;

INSERT INTO reports_facttail (newest, settled, horizon, awaited, recount_awaits, load_from)
SELECT max(id), max(id), max(id), 0, 0, date_trunc('hour', %(now)s::timestamptz) FROM tickets_event;
