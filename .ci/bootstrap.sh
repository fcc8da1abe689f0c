#!/usr/bin/env bash
# Make this machine ready: .ci/bootstrap.sh run|test|bench
# System packages (when missing), uv, Python packages, browser libraries; each step leaves a stamp, so a second run takes no time.
set -euo pipefail
export LC_ALL=C.UTF-8 LANG=C.UTF-8

want="${1:-run}"
root="$(cd "$(dirname "$0")/.." && pwd -P)"
cd "$root"
tools=.haiyu/tools
stamps=.haiyu/stamps
uv_version=0.13.9
mkdir -p "$stamps"
# Two makes at once would build one environment under each other's feet; the second waits for the first.
exec 9> .haiyu/bootstrap.lock
flock 9

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
fail() { printf '%s\n' "$@" >&2; exit 1; }

# --- 1. System packages -------------------------------------------------------------------------------------------------
# The control file alone may be left over from a removed package: the library is what a server loads.
has_postgis() {
    { compgen -G '/usr/share/postgresql/*/extension/postgis.control' && compgen -G '/usr/lib/postgresql/*/lib/postgis-*.so'; } >/dev/null ||
        { compgen -G '/usr/pgsql-*/share/extension/postgis.control' && compgen -G '/usr/pgsql-*/lib/postgis-*.so'; } >/dev/null
}
has_fonts() { compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null || { command -v fc-list >/dev/null && fc-list :lang=zh family | grep -q .; }; }
# An independent eye on signatures and texts of papers: pdfsig, pdftotext.
has_poppler() { command -v pdfsig >/dev/null && command -v pdftotext >/dev/null; }
has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
python_here() {
    local candidate
    for candidate in python3.11 python3 python3.12 python3.13; do
        if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}
has_venv() { local python; python="$(python_here)" && "$python" -c 'import ensurepip, venv' 2>/dev/null; }

needed=()
has_postgis || needed+=(postgresql-15 postgresql-15-postgis-3)
has_fonts || needed+=(fonts-noto-cjk)
python_here >/dev/null || needed+=(python3)
[ -x "$tools/bin/uv" ] || has_venv || needed+=(python3-venv)
if [ "$want" = test ]; then
    has_chromium || needed+=(chromium)
    has_poppler || needed+=(poppler-utils)
fi

if [ "${#needed[@]}" -gt 0 ]; then
    say "系统包 / system packages: ${needed[*]}"
    command -v apt-get >/dev/null || fail "缺少：${needed[*]}；本机没有 apt-get，请自行安装。" "Missing: ${needed[*]}; there is no apt-get here, please install them."
    if [ "$(id -u)" = 0 ]; then as_root=(env)
    elif command -v sudo >/dev/null; then as_root=(sudo env)
    else
        fail "缺少系统包，而本用户不能安装。请管理员运行：" "System packages are missing and this user cannot install them. Ask an administrator to run:" \
             "    apt-get install --no-install-recommends ${needed[*]}"
    fi
    "${as_root[@]}" apt-get update 9>&-
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${needed[@]}" 9>&-
fi
python="$(python_here)" || fail "需要 Python 3.11 或更高。" "Python 3.11 or later is needed."

# --- 2. uv ----------------------------------------------------------------------------------------------------------------
# Scripts of a virtual environment name their folder, so a moved checkout needs new ones.
if [ "$(cat "$stamps/tools" 2>/dev/null)" != "$root $uv_version" ] || ! "$tools/bin/uv" --version >/dev/null 2>&1; then
    say "uv $uv_version"
    rm -rf "$tools"
    "$python" -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
    printf '%s' "$root $uv_version" > "$stamps/tools"
fi

# --- 3. Python packages -----------------------------------------------------------------------------------------------------
case "$want" in
    run) groups=(--no-default-groups --inexact) ;;
    bench) groups=(--group bench --inexact) ;;
    *) groups=(--inexact) ;;
esac
state="$root $(cat uv.lock pyproject.toml | sha256sum)"
is_done() { [ -x .venv/bin/haiyu ] && [ "$(cat "$stamps/python-$1" 2>/dev/null)" = "$state" ]; }
# What the tests need holds all that running needs.
if ! is_done "$want" && ! { [ "$want" = run ] && is_done test; }; then
    say "Python 包 / Python packages"
    if [ -x .venv/bin/haiyu ] && ! head -n 2 .venv/bin/haiyu | grep -qF "$root/.venv"; then rm -rf .venv; fi
    export UV_PROJECT_ENVIRONMENT="$root/.venv"
    # The interpreter is named only when the environment is made: uv takes a launcher's name for another interpreter and starts over.
    if [ ! -x .venv/bin/python ]; then "$tools/bin/uv" venv --quiet --no-python-downloads --python "$python" .venv; fi
    "$tools/bin/uv" sync --frozen --no-python-downloads "${groups[@]}"
    printf '%s' "$state" > "$stamps/python-$want"
fi

# --- 4. Browser libraries ---------------------------------------------------------------------------------------------------
if [ -f package-lock.json ] && [ -f .ci/static.py ]; then
    state="$root $(cat package.json package-lock.json .npmrc .ci/static.py 2>/dev/null | sha256sum)"
    if [ "$(cat "$stamps/static" 2>/dev/null)" != "$state" ] || [ ! -d .haiyu/static ]; then
        say "浏览器库 / browser libraries"
        .venv/bin/python .ci/static.py --install
        printf '%s' "$state" > "$stamps/static"
    fi
fi
