"""The statements on the queue beyond the library's own. Its tables are the library's; what we need of them is said here, once.

A `doing` job belongs to one attempt of one worker: (id, worker_id, attempts) is its ticket, and whoever takes the job away raises
`attempts`. So a worker that was thought dead and wakes up again can neither do the job nor end it.
"""

from __future__ import annotations

from typing import Final

# Hold the job while its transaction runs (session): nobody takes it away meanwhile.
HOLD: Final = """
SELECT id FROM procrastinate_jobs
WHERE id = :job AND status = 'doing' AND worker_id = :worker AND attempts = :attempts
FOR NO KEY UPDATE
"""
# End a job that is held, in the transaction that did it (session).
SUCCEED: Final = "SELECT procrastinate_finish_job_v1(:job, 'succeeded', false)"

# End a job that its own transaction did not end; nothing happens to one that was taken away (driver). The row is locked first,
# in a materialized part: a plain SELECT … FOR UPDATE would call the function before it has the lock.
FINISH: Final = """
WITH held AS MATERIALIZED (
    SELECT id FROM procrastinate_jobs
    WHERE id = %(job)s AND status = 'doing' AND worker_id = %(worker)s AND attempts = %(attempts)s
    FOR NO KEY UPDATE
)
SELECT procrastinate_finish_job_v1(id, %(status)s::procrastinate_job_status, false) FROM held
"""
# Put a job back until `retry_at`; the same (driver).
POSTPONE: Final = """
WITH held AS MATERIALIZED (
    SELECT id FROM procrastinate_jobs
    WHERE id = %(job)s AND status = 'doing' AND worker_id = %(worker)s AND attempts = %(attempts)s
    FOR NO KEY UPDATE
)
SELECT procrastinate_retry_job_v2(id, %(retry_at)s::timestamptz, NULL, NULL, NULL) FROM held
"""

# Jobs of workers that no longer give a sign. One whose transaction still runs is locked by it and skipped: that worker lives.
# A job that took its worker down with it as often as it may be tried is given up like one that failed (driver).
RESCUE: Final = """
WITH stalled AS MATERIALIZED (
    SELECT job.id, job.task_name, job.attempts FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(silent)s))
    FOR NO KEY UPDATE OF job SKIP LOCKED
), ended AS MATERIALIZED (
    SELECT id, CASE WHEN attempts + 1 < %(most)s THEN procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)
                    ELSE procrastinate_finish_job_v1(id, 'failed', false) END
    FROM stalled
)
SELECT stalled.id AS job, stalled.task_name AS kind, stalled.attempts + 1 < %(most)s AS again
FROM stalled JOIN ended ON ended.id = stalled.id ORDER BY stalled.id
"""

# How the queue is now, for officers (session). `procrastinate_events` tells when a job was asked for.
STATE: Final = """
SELECT count(*) FILTER (WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()) AS waiting,
       count(*) FILTER (WHERE job.status = 'todo' AND job.scheduled_at > now()) AS postponed,
       count(*) FILTER (WHERE job.status = 'doing') AS running,
       count(*) FILTER (WHERE job.status = 'failed') AS failed,
       (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :silent)) AS workers,
       extract(epoch FROM now() - min(asked.at) FILTER (WHERE job.status = 'todo'))::float AS oldest_seconds
FROM procrastinate_jobs job
CROSS JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = job.id AND type = 'deferred') asked
WHERE job.status IN ('todo', 'doing', 'failed') AND NOT job.queue_name = ANY (CAST(:aside AS text[]))
"""

LISTED: Final = """
SELECT job.id AS number, job.task_name AS kind, job.args AS facts, job.lock, job.attempts, job.status::text AS status,
       CASE WHEN job.status = 'todo' AND job.scheduled_at > now() THEN job.scheduled_at END AS not_before, told.asked_at, told.last_at
FROM procrastinate_jobs job
CROSS JOIN LATERAL (
    SELECT min(at) FILTER (WHERE type = 'deferred') AS asked_at, max(at) FILTER (WHERE type <> 'scheduled') AS last_at
    FROM procrastinate_events WHERE job_id = job.id
) told
WHERE job.status = ANY (CAST(:statuses AS procrastinate_job_status[]))
ORDER BY job.id DESC LIMIT :most
"""

# A failed job begins anew, with all its attempts before it (session). No numbers: every failed one.
AGAIN: Final = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL
WHERE status = 'failed' AND (CAST(:numbers AS bigint[]) IS NULL OR id = ANY (CAST(:numbers AS bigint[])))
RETURNING id
"""

# Jobs that ended well before `cutoff`; failed ones stay until somebody has them tried again (session).
SWEEP_JOBS: Final = """
DELETE FROM procrastinate_jobs job
WHERE job.status IN ('succeeded', 'cancelled', 'aborted')
  AND NOT EXISTS (SELECT 1 FROM procrastinate_events told WHERE told.job_id = job.id AND told.at >= :cutoff)
"""

# Whether what returns by the clock has been asked for in a slot (session).
SLOT: Final = "SELECT 1 FROM procrastinate_periodic_defers WHERE task_name = :kind AND defer_timestamp = :slot"
