"""The blueprint of the steward's pages."""

from flask import Blueprint

blueprint = Blueprint("steward", __name__, url_prefix="/steward")
