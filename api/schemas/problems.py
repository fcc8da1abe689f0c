"""The shape of a refusal, as OpenAPI shows it (RFC 9457 with our members)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Words(BaseModel):
    """Title and detail in one language."""

    title: str
    detail: str


class Problem(BaseModel):
    """What happened, where, and how to go on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/api/v1/problems/problems.place_unknown",
                    "title": "No place has the code 999999",
                    "status": 422,
                    "detail": "Use the administrative code of a county, such as 371082 for Rongcheng.",
                    "code": "problems.place_unknown",
                    "findings": [],
                    "instance": "/api/v1/fees#5f2c9d0e1b7a4c33",
                    "texts": {
                        "zh": {"title": "没有代码为 999999 的地方", "detail": "用区县的行政代码，例如 371082 荣成市。"},
                        "en": {
                            "title": "No place has the code 999999",
                            "detail": "Use the administrative code of a county, such as 371082 for Rongcheng.",
                        },
                    },
                }
            ]
        }
    )
    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable; texts may change, codes do not")
    findings: list[dict[str, Any]] = Field(description="Each fault with its place and how to mend it")
    instance: str = Field(description="Path and request id; the log knows the id")
    texts: dict[str, Words] = Field(description="Title and detail in zh and en")


def refuses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route for OpenAPI; 422 and 503 are everywhere."""
    said = {
        401: "Nobody is signed in, or the session is over",
        403: "Not yours to do, or sent by a page of another site",
        404: "Not there, or not visible to you",
        409: "The world changed",
        413: "Too large",
        415: "Not understood",
        422: "The upload or the form",
        429: "Too many requests; Retry-After says when",
        503: "Busy or away; Retry-After says when",
    }
    return {
        status: {
            "description": said[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in (*statuses, 422, 503)
    }
