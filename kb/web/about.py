"""数据来源与说明: where everything comes from, what is missing, what could not be read."""

from flask import Blueprint, render_template

from kb.domain.template import label_of_field
from kb.services.explain_sources import explain_sources
from kb.web.reading import reading

blueprint = Blueprint("about", __name__, url_prefix="/about")


@blueprint.get("")
def show() -> str:
    now = reading()
    page = explain_sources(now.catalogue, now.reference)

    def field_label(path: str, field: str) -> str:
        is_case = path.startswith("cases/")
        template = now.reference.case_template if is_case else now.reference.mechanism_template
        return label_of_field(template, field) if field else ""

    return render_template("about/show.html", page=page, field_label=field_label)
