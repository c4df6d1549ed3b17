"""我的稿件: a draft is written, previewed, checked, submitted and withdrawn; its versions can be had again.

pages       the blueprint, the list, who may open what
editing     the form, saving it, what happens when two people did
sheet       everything the form shows
fields      the form made from the slots of the template
inputs      the controls of its fields
in_words    values as lines to read
posted      the way back from a posted form to plain values
submitting  preview, the last look before 送审, 撤回
versions    历次保存
importing   导入核对: what was recognised, what is proposed, what is still to write
files       the original, attachments
handing_over  转交
"""

from kb.web.drafts import editing, files, handing_over, importing, submitting, versions
from kb.web.drafts.pages import blueprint

__all__ = ["BODY_LIMITS", "blueprint", "editing", "files", "handing_over", "importing", "submitting", "versions"]

BODY_LIMITS = {**editing.LIMITS, **importing.LIMITS, **files.UPLOAD_LIMITS}
