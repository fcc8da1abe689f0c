"""The register: places, layers, parties, projects, parcels, rights, occupation, and what the database refuses.

The statements stand in data/migrations/sql/0001, one file per subject, in the order of their names.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = "0000"
branch_labels = None
depends_on = None

STATEMENTS = Path(__file__).parents[1] / "sql" / "0001"


def upgrade() -> None:
    """Run each file as it stands; without parameters the driver leaves percent signs alone."""
    cursor = op.get_bind().connection.cursor()
    for path in sorted(STATEMENTS.glob("*.sql")):
        cursor.execute(path.read_text(encoding="utf-8"))
