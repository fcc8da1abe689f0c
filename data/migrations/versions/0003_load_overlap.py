"""What the audit after a bulk load found among old rights."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GRANTS = """
GRANT SELECT, INSERT, DELETE ON load_overlap TO haiyu_app;
GRANT SELECT ON load_overlap TO haiyu_read;
"""


def upgrade() -> None:
    """One table; rows of an audit that is run again are replaced."""
    op.create_table(
        "load_overlap",
        sa.Column("run_id", sa.BigInteger, sa.ForeignKey("load_run.id"), primary_key=True, comment="批次"),
        sa.Column("occupation_id", sa.BigInteger, sa.ForeignKey("occupation.id"), primary_key=True, comment="占用"),
        sa.Column("other_id", sa.BigInteger, sa.ForeignKey("occupation.id"), primary_key=True, comment="对方占用"),
        sa.Column("grade", sa.Text, nullable=False, comment="等级"),
        sa.Column("reason", sa.Text, comment="原因"),
        sa.Column("overlap_m2", sa.Float, nullable=False, comment="重叠面积（平方米）"),
        sa.Column("width_m", sa.Float, nullable=False, comment="最大宽度（米）"),
        comment="批量载入后的重叠审计结果",
    )
    op.get_bind().connection.cursor().execute(GRANTS)
