#!/usr/bin/env bash
# Remove what can be built again. The cluster, keys, documents and logs of the installation stay.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -x .venv/bin/python ] && [ -e .haiyu/test-pg ]; then
    .venv/bin/python -c 'from tests.support.databases import test_cluster; test_cluster().remove()' || true
fi
if [ -x .venv/bin/python ] && [ -e .haiyu/bench-pg ]; then
    .venv/bin/python -c 'from tests.bench.store import Store; Store(0).cluster.remove()' || true
fi
rm -rf .haiyu/bench .haiyu/demo .haiyu/previews
rm -rf .haiyu/stamps .haiyu/npm .haiyu/static .haiyu/tools .venv node_modules dist build
rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
find . -name __pycache__ -type d -not -path './.git/*' -not -path './.haiyu/*' -prune -exec rm -rf {} +
