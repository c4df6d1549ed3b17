"""数据来源与说明: where everything comes from, what is missing, what could not be read."""

from flask import Blueprint, render_template

from kb.domain.records import SourceReference
from kb.domain.template import label_of_field
from kb.services.explain_sources import explain_sources
from kb.services.read_case import name_sources
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

    references = tuple(SourceReference(record=use.record.id) for use in page.records)
    named = list(zip(page.records, name_sources(references, now.reference), strict=True))
    return render_template(
        "about/show.html",
        page=page,
        used=[(use, source) for use, source in named if use.cases or use.mechanisms],
        unused=[(use, source) for use, source in named if not (use.cases or use.mechanisms)],
        field_label=field_label,
    )
