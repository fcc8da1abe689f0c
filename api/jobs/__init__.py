"""Jobs: what follows an act. They are queued in the act's own transaction and done by a worker in one of their own (docs/jobs.md).

`kinds` is the closed list, `enqueueing` the only way in, `running` one job, `worker` the thread that does them, `bodies` what each
kind does; `queue` is the one place that knows the library.
"""

from api.jobs.enqueueing import enqueue

__all__ = ["enqueue"]
