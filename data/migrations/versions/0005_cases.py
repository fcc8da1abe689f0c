"""Cases, people and papers: accounts, cases with their form and files, money, documents; the queue of jobs.

The statements stand in data/migrations/sql/0005, one file per subject. The queue's own tables come from procrastinate, which
lives in this database so that an act and the jobs that it asks for commit together.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).parents[1] / "sql" / "0005"
# The worker sweeps old jobs and workers that are gone: the queue is no record, the events are.
QUEUE = """
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,
    procrastinate_workers TO haiyu_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO haiyu_app;
"""


def upgrade() -> None:
    """Run each file as it stands; without parameters the driver leaves percent signs alone."""
    cursor = op.get_bind().connection.cursor()
    for path in sorted(STATEMENTS.glob("*.sql")):
        cursor.execute(path.read_text(encoding="utf-8"))
    cursor.execute(SchemaManager.get_schema())
    cursor.execute(QUEUE)
