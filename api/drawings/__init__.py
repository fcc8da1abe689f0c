"""Statutory sheets of what the register and the cases hold: a request with everything that the public may see round a parcel.

`sheet_request` gathers, `render_pages` draws, `with_sheets` appends drawn sheets to a paper as pages. `maps.sheets` knows no
database and `approvals` knows no drawings; here they meet.
"""

from api.drawings.pages import RenderedSheet, render_pages, with_sheets
from api.drawings.requesting import layer_bands, sheet_request

__all__ = ["RenderedSheet", "layer_bands", "render_pages", "sheet_request", "with_sheets"]
