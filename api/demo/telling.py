"""What became of each story, read through the interface after it was told: lines for the reader, papers as files, shapes for the map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely

from api.demo import journey
from api.demo.teller import Teller
from data.messages import LANGUAGES

Line = tuple[str, dict[str, Any]]
# Who applied in each case, and so may read all of it.
APPLICANTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "clean": (("clean", journey.OYSTER),),
    "overlapping": (("overlapping", journey.SEAFOOD),),
    "layered": (("above", journey.OYSTER), ("below", journey.COOPERATIVE)),
    "corrected": (("corrected", journey.OYSTER),),
    "refused": (("refused", journey.SEAFOOD),),
    "lapsed": (("lapsed", journey.COOPERATIVE),),
}


@dataclass(slots=True)
class Told:
    """What happened: lines as (message code, facts), and the shapes to draw as (kind, label in hectares, geometry in ms)."""

    lines: list[Line] = field(default_factory=list)
    shapes: list[tuple[str, str, Any]] = field(default_factory=list)

    def say(self, code: str, /, **facts: Any) -> None:
        """Add a line."""
        self.lines.append((code, facts))

    def draw(self, kind: str, exterior: Any, label: str = "") -> Any:
        """Add a shape; its geometry."""
        geometry = shapely.Polygon(exterior)
        self.shapes.append((kind, label, geometry))
        return geometry


def tell(teller: Teller, story: str, folder: Path, told: Told) -> None:
    """The lines, papers and shapes of one story that has been told to its end."""
    teller.settle()
    ends = {case: teller.case(case, login) for case, login in APPLICANTS[story]}
    shapes = []
    for case, login in APPLICANTS[story]:
        _tell_case(teller, case, ends[case], told)
        count = _keep_papers(teller, case, login, folder / case)
        told.say("cli.demo.papers", name=case, count=count, folder=str(folder / case))
        shapes.append(_draw_case(ends[case], told))
    if story == "overlapping":
        _draw_remedy(teller, shapes[0], told)
    if story == "layered":
        told.shapes.append(("needs_consent", "", shapes[0].intersection(shapes[1])))


def _tell_case(teller: Teller, case: str, end: Mapping[str, Any], told: Told) -> None:
    told.say("cli.demo.case", name=case, number=end["number"], received=end["received_on"])
    told.lines.extend(_on_the_way(teller, case, end))
    if end["parcel_code"] is None:
        told.say("cli.demo.stands", label=end["label"]["public"], day=end["decided_on"] or teller.today.isoformat())
        return
    told.say(
        "cli.demo.granted",
        hectares=end["use"]["hectares"],
        parcel_code=end["parcel_code"],
        unit_code=end["unit_code"],
        decided=end["decided_on"],
    )
    if end["use"]["layered"]:
        told.say("cli.demo.layered_note")


def _on_the_way(teller: Teller, case: str, end: Mapping[str, Any]) -> Iterator[Line]:
    """What the story met on its way: a refusal with its remedy, a question, a missing rate."""
    memory = teller.memory
    if case == "overlapping":
        refused = memory["refused"]
        yield "cli.demo.refused", {"why": _titles(refused)}
        yield "cli.demo.remedy", {"hectares": end["use"]["hectares"], "drawn": memory["drawn"]["hectares"]}
    if case == "below":
        yield "cli.demo.consented", {"count": memory["consents"]}
    if case == "corrected":
        yield "cli.demo.corrected", {"count": 2}
    if case == "clean" and "stopped" in memory:
        stopped = memory["stopped"]
        yield "cli.demo.stopped", {"why": stopped["choices"][0]["message"]}


def _titles(problem: Mapping[str, Any]) -> dict[str, str]:
    return {lang: problem["texts"][lang]["title"] for lang in LANGUAGES}


def _keep_papers(teller: Teller, case: str, login: str, folder: Path) -> int:
    """Every paper of a case in both languages, named by its order, kind and language; how many papers there are."""
    folder.mkdir(parents=True, exist_ok=True)
    number = teller.memory[case]
    papers = teller.call(login, "GET", f"/cases/{number}/papers")["papers"]
    for order, paper in enumerate(papers, 1):
        for file in paper["files"]:
            params = {"lang": file["lang"]}
            content = teller.call(login, "GET", f"/cases/{number}/papers/{paper['id']}", params=params)
            (folder / f"{order:02d}-{paper['kind']}.{file['lang']}.pdf").write_bytes(content)
    return len(papers)


def _draw_case(end: Mapping[str, Any], told: Told) -> Any:
    kind = "granted" if end["parcel_code"] else "draft" if end["ended"] is None else "ended"
    return told.draw(kind, end["use"]["boundary"]["exterior"], end["use"]["hectares"])


def _draw_remedy(teller: Teller, granted: Any, told: Told) -> None:
    drawn = told.draw("draft", teller.memory["drawn"]["boundary"]["exterior"])
    told.shapes.append(("conflict", "", drawn.difference(granted)))
