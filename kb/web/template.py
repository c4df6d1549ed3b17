"""机制模板: what a case and a mechanism are asked, and skeletons to write into."""

from flask import Blueprint, Response, render_template

from kb.bootstrap.office_files import word_forms
from kb.errors import NotFound
from kb.services.describe_template import build_skeleton, describe_template
from kb.services.export_case import export_form
from kb.web.files import wanted_faces, word_file
from kb.web.reading import reading

blueprint = Blueprint("template", __name__, url_prefix="/template")


@blueprint.get("")
def show() -> str:
    reference = reading().reference
    templates = (describe_template(reference.mechanism_template), describe_template(reference.case_template))
    return render_template("template/show.html", templates=templates)


@blueprint.get("/<name>.md")
def download(name: str) -> Response:
    """The skeleton of one template as a file to save."""
    reference = reading().reference
    found = {template.name: template for template in (reference.case_template, reference.mechanism_template)}
    if name not in found:
        raise NotFound("没有这个模板。", advice="从“机制模板”页下载。")
    response = Response(build_skeleton(found[name]), mimetype="text/markdown")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.md"'
    return response


@blueprint.get("/case.docx")
def download_form() -> Response:
    """The case template as a Word form to fill in; what it brings back is read by its labels."""
    return word_file(export_form(reading().reference, word_forms(wanted_faces())))
