"""帮助: what each role does, step by step; open to everybody, for it says nothing that is not on the pages themselves."""

from flask import Blueprint, render_template

from kb.domain.accounts import Role
from kb.errors import NotFound
from kb.services.manage_accounts import ROLE_LABELS
from kb.web.acting import actor

blueprint = Blueprint("help", __name__, url_prefix="/help")

PURPOSES = {
    Role.READER: "查案例、看机制、照着推广",
    Role.EDITOR: "写稿、送审、照意见修改",
    Role.REVIEWER: "审稿、纳入、复核、答复纠错",
    Role.PUBLICITY: "找亮点和金句，带着出处引用，做专题",
    Role.STEWARD: "管问题类型、单位、词典，归档与合并",
    Role.ADMINISTRATOR: "开账号、定角色、看系统状态",
    Role.AUDITOR: "查审计记录，定期自检",
}
"""What each role is here for, in one line."""


@blueprint.get("")
def show() -> str:
    mine = [role for role in PURPOSES if role in actor().roles]
    return render_template("help/show.html", purposes=PURPOSES, labels=ROLE_LABELS, mine=mine)


@blueprint.get("/<role>")
def show_role(role: str) -> str:
    found = next((one for one in PURPOSES if one.value == role), None)
    if found is None:
        raise NotFound("没有这个角色的帮助。", advice="从“帮助”里选一个角色。")
    return render_template(
        f"help/{found.value}.html", role=found, label=ROLE_LABELS[found], purpose=PURPOSES[found], labels=ROLE_LABELS
    )
