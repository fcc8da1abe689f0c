# haiyu: every task of daily work. `make help` lists them.
SHELL := /bin/bash
export LC_ALL := C.UTF-8
export LANG := C.UTF-8
.DEFAULT_GOAL := help
.PHONY: help run test bench demo lint fmt migrate clean reset

T ?=
WORKERS ?= 2
CONFIRM ?= no

help: ## 列出各项任务 / list the tasks
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)$$/\1|\2/' | while IFS='|' read -r name said; do printf '  make %-8s %s\n' "$$name" "$$said"; done

run: ## 安装所需并启动网页 / install what is needed and start the page
	@.ci/bootstrap.sh run
	@.venv/bin/haiyu serve

test: ## 全部测试，T=路径 只跑一部分 / all tests, T=path for a part
	@.ci/bootstrap.sh test
	@.venv/bin/python -m pytest -q -n $(WORKERS) --dist worksteal $(T)

bench: ## 与参照比较速度 / measure speed against the yardsticks
	@.ci/bootstrap.sh bench
	@.venv/bin/python -m tests.bench

demo: ## 走一遍示例 / a walk through
	@.ci/bootstrap.sh run
	@.venv/bin/haiyu demo

lint: ## 格式、类型、目录检查 / format, types, catalogues
	@.ci/bootstrap.sh test
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/yamllint --strict data
	@.venv/bin/python -m pytest -q -p no:cacheprovider tests/test_messages.py

fmt: ## 整理格式 / format the code
	@.ci/bootstrap.sh test
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

migrate: ## 更新数据库结构 / bring the database up to date
	@.ci/bootstrap.sh run
	@.venv/bin/haiyu db prepare

clean: ## 删除可重建之物，不动数据 / remove what can be rebuilt, never data
	@.ci/clean.sh

reset: ## 删除内置数据库（CONFIRM=yes）/ remove the embedded database (CONFIRM=yes)
	@.ci/bootstrap.sh run
	@.venv/bin/haiyu db reset --confirm $(CONFIRM)
