"""Papers as files: composed in one language, set by Typst as PDF/A, signed, kept with their digests (docs/papers.md).

`making.make_paper` is what a job calls; `approvals.papers` says what a paper tells, `api.verification` whether one is true.
"""
