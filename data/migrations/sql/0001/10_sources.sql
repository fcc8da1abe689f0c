-- Original files, bulk loads and their chunks.

CREATE TABLE source_file (
    digest TEXT NOT NULL,
    alg TEXT NOT NULL,
    name TEXT NOT NULL,
    content BYTEA NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_source_file PRIMARY KEY (digest)
);
COMMENT ON TABLE source_file IS '原始文件（按摘要保存，永久）';
COMMENT ON COLUMN source_file.digest IS 'SHA-256 摘要';
COMMENT ON COLUMN source_file.alg IS '摘要算法';
COMMENT ON COLUMN source_file.name IS '文件名';
COMMENT ON COLUMN source_file.content IS '原始字节';
COMMENT ON COLUMN source_file.recorded_at IS '记录时刻';
