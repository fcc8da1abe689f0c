"""Which column of a file is which fact: by the caller's map, else by the names that such columns usually have.

The names tried are the house's own (`from`, `use_mode` …), common English ones and the Chinese ones of national tables
(docs/cli.md). What a map does not name and no usual name fits is left alone and listed in the run's manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from data.answers import Refusal

RIGHTS: dict[str, tuple[str, ...]] = {
    "name": ("name", "项目名称", "xmmc", "yhxmmc"),
    "register_number": ("register_number", "不动产权证号", "bdcqzh", "证书编号"),
    "legacy_number": ("legacy_number", "海域管理号", "hyglh", "parcel_id", "lease_id", "parcel_num", "idnumber"),
    "parcel_code": ("parcel_code", "宗海代码", "zhdm"),
    "use_type": ("use_type", "用海类型", "yhlxb", "yhlx"),
    "use_mode": ("use_mode", "用海方式", "yhfs"),
    "specific_use": ("specific_use", "具体用途", "jtyt"),
    "from": ("from", "date_from", "起始日期", "使用权起始时间", "yhqsnx", "effectived"),
    "to": ("to", "date_to", "终止日期", "使用权结束时间", "yhzznx", "expires", "expiration"),
    "decision_on": ("decision_on", "批准日期", "yhpzrq"),
    "entered_on": ("entered_on", "登记时间", "登簿日期", "djsj"),
    "layers": ("layers", "用海空间层", "层"),
    "months": ("months", "月份"),
    "z_low": ("z_low", "底标高"),
    "z_high": ("z_high", "顶标高"),
    "accuracy_m": ("accuracy_m", "精度"),
    "area_registered": ("area_registered", "宗海面积", "证载面积", "zhmj"),
    "fee_exempt": ("fee_exempt", "免缴"),
    "holder": ("holder", "holder_id", "权利人", "海域使用权人", "hysyqr"),
    "holder_kind": ("holder_kind", "权利人类型"),
    "holder_scheme": ("holder_scheme", "证件种类"),
    "holder_number": ("holder_number", "证件号", "统一社会信用代码"),
}
ZONES: dict[str, tuple[str, ...]] = {
    "identity": ("identity", "zone_id", "id", "编号"),
    "name": ("name", "name_zh", "名称"),
    "name_en": ("name_en",),
    "effect": ("effect", "效力"),
    "use_types": ("use_types", "types", "适用类型"),
    "use_modes": ("use_modes", "modes", "适用方式"),
    "from": ("from", "date_from", "起始日期"),
    "to": ("to", "date_to", "终止日期"),
    "buffer_m": ("buffer_m", "外扩"),
    "answer_days": ("answer_days", "答复工作日"),
    "cite": ("cite", "依据"),
    "disclosure": ("disclosure", "公开程度"),
    "kind": ("kind", "岸线类型", "类型"),
}
PLACES: dict[str, tuple[str, ...]] = {
    "code": ("code", "adcode", "代码"),
    "name": ("name", "name_zh", "名称"),
    "name_en": ("name_en",),
    "kind": ("kind", "level"),
    "scheme": ("scheme", "代码体系"),
    "parent": ("parent", "上级代码"),
    "from": ("from", "起始日期"),
    "to": ("to", "终止日期"),
    "source": ("source", "来源"),
    "accuracy_m": ("accuracy_m", "精度"),
}
FIELDS = {"rights": RIGHTS, "zones": ZONES, "shoreline": ZONES, "land": ZONES, "places": PLACES}


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Field → column of the file, field → constant for every feature, and the columns that nobody uses."""

    columns: Mapping[str, str]
    constants: Mapping[str, Any]
    unused: tuple[str, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """As the run's manifest keeps it."""
        return {"columns": dict(self.columns), "constants": dict(self.constants), "unused": list(self.unused)}


def column_map(target: str, present: list[str], given: Mapping[str, str], constants: Mapping[str, Any]) -> ColumnMap:
    """Settle the map; refuses a field or a column that does not exist.

    >>> column_map("rights", ["Date_From", "用海方式", "x"], {}, {"use_type": "13"}).columns
    {'use_mode': '用海方式', 'from': 'Date_From'}
    """
    fields = FIELDS[target]
    for name in (*given, *constants):
        if name not in fields:
            raise Refusal("load.no_field", field=name, fields=sorted(fields))
    for column in given.values():
        if column not in present:
            raise Refusal("load.no_column", column=column, columns=present)
    lower = {column.strip().lower(): column for column in reversed(present)}
    columns: dict[str, str] = {}
    for name, usual in fields.items():
        if name in constants:
            continue
        found = given.get(name) or next((lower[word] for word in usual if word in lower), None)
        if found is not None:
            columns[name] = found
    unused = tuple(column for column in present if column not in columns.values())
    return ColumnMap(columns, dict(constants), unused)


def read_map(path: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """`columns:` and `constants:` of a small YAML file."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refusal("load.map_unreadable", file=path.name, detail=str(error).split("\n")[0]) from error
    if not isinstance(told, dict) or set(told) - {"columns", "constants"}:
        raise Refusal("load.map_unreadable", file=path.name, detail="columns, constants")
    return dict(told.get("columns") or {}), dict(told.get("constants") or {})
