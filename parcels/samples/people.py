"""Six invented parties. Names say 示例; identifiers are built with a right check digit so that new rights may be tried."""

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
    SampleParty("company", "荣成示例牡蛎养殖有限公司", "uscc", "91371082SAMP0001X"[:17]),
    SampleParty("company", "乳山示例海产有限公司", "uscc", "91371083SAMP0002Y"[:17]),
    SampleParty("cooperative", "桑沟湾示例养殖专业合作社", "uscc", "93371082SAMP0003A"[:17]),
    SampleParty("village_collective", "示例村股份经济合作社", "uscc", "N2371082SAMP0004B"[:17]),
    SampleParty("person", "李示例", "id18", "37108219800101001"),
    SampleParty("company", "威海示例海工装备有限公司", "uscc", "91371072SAMP0006C"[:17]),
)
