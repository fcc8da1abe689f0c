"""The sea as it stood in the register on a day: rows that the register no longer holds are found by place too."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE INDEX ix_occupation_geom_closed ON occupation USING gist (geom) WHERE NOT upper_inf(known);
"""


def upgrade() -> None:
    """One round of statements."""
    op.get_bind().connection.cursor().execute(STATEMENTS)
