"""管理: what the steward keeps, a module per page.

pages    the blueprint
missed   没有找到的检索
"""

from kb.web.stewardship import missed
from kb.web.stewardship.pages import blueprint

__all__ = ["blueprint", "missed"]
