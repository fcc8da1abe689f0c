"""Six invented parties. Names say 示例; identifiers get a right check character, for a wrong one would
block new rights."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleParty:
    """`body` is the identifier without its check character; `scheme` is uscc or id18."""

    kind: str
    zh: str
    scheme: str
    body: str


PARTIES = (
    SampleParty("company", "荣成示例牡蛎养殖有限公司", "uscc", "91371082MA0000001"),
    SampleParty("company", "乳山示例海产有限公司", "uscc", "91371083MA0000002"),
    SampleParty("cooperative", "桑沟湾示例养殖专业合作社", "uscc", "93371082MA0000003"),
    SampleParty("village_collective", "示例村股份经济合作社", "uscc", "N2371082MF0000004"),
    SampleParty("person", "李示例", "id18", "37108219800101001"),
    SampleParty("company", "威海示例海工装备有限公司", "uscc", "91371072MA0000006"),
)
