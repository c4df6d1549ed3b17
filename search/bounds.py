"""Bounds of a request: what is clamped silently, and what is the asker's mistake."""

from dataclasses import replace

from search.errors import QueryError
from search.model import Request, Schema

MAX_LIMIT = 1_000
MAX_OFFSET = 1_000_000


def bounded(request: Request, schema: Schema) -> Request:
    """The request with its page inside the bounds; QueryError if it names an order or a facet there is not."""
    if request.order != "relevance" and request.order.removeprefix("-") not in schema.sorts:
        raise QueryError("不能按这一项排序")
    if not {*request.filters, *request.facets} <= {*schema.facets}:
        raise QueryError("没有这一项筛选条件")
    offset = min(max(request.offset, 0), MAX_OFFSET)
    limit = min(max(request.limit, 0), MAX_LIMIT)
    filters = {group: values for group, values in request.filters.items() if values}
    return replace(request, offset=offset, limit=limit, filters=filters)
