"""Names and numbers are searched by pairs of signs: many Chinese names have two, and the trigrams of 0008 need three.

The extension of the trigrams stays, others may use it by now.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE FUNCTION pairs_of(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower(words), at, 2)), '{}')
    FROM generate_series(1, length(lower(words)) - 1) AS at
$$;
COMMENT ON FUNCTION pairs_of(text) IS '相邻两字的全部组合（小写），供检索';
DROP INDEX ix_party_name_words, ix_parcel_name_words, ix_sea_right_register_number_words;
CREATE INDEX ix_party_name_pairs ON party_name USING gin (pairs_of(name));
CREATE INDEX ix_parcel_pairs ON parcel USING gin (pairs_of(name));
CREATE INDEX ix_sea_right_register_number_pairs ON sea_right USING gin (pairs_of(register_number));
"""


def upgrade() -> None:
    """One round of statements; without parameters the driver leaves percent signs alone."""
    op.get_bind().connection.cursor().execute(STATEMENTS)
