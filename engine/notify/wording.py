"""Words of notices that leave the house, in the language of who is told. Subjects name nothing but the kind."""

from collections.abc import Mapping

CHINESE, ENGLISH = "zh_Hans_CN", "en"

_KINDS: Mapping[str, tuple[str, str]] = {
    "urged": ("有人催办", "You are urged"),
    "copied": ("有办件抄送给您", "A case was copied to you"),
    "returned": ("有办件退回给您", "A case was sent back to you"),
    "transferred": ("有任务转办给您", "A task was transferred to you"),
    "delegated": ("有任务委派给您", "A task was delegated to you"),
    "sign_asked": ("请您会签", "Your opinion is asked for"),
    "alert_raised": ("有新的预警", "A new alert"),
    "alert_climbed": ("有预警升级到您", "An alert has climbed to you"),
    "time_near": ("有任务临期", "A task is near its limit"),
    "time_over": ("有任务超期", "A task is over its limit"),
}


def subject(kind: str, locale: str) -> str:
    """The subject of a mail: the system and the kind, never a case or a person."""
    chinese, english = _KINDS.get(kind, ("有新的通知", "A new notice"))
    return f"Mingjing: {english}" if locale == ENGLISH else f"明镜：{chinese}"


def body(kind: str, locale: str, *, number: str, process: str, element: str) -> str:
    """A few lines: what kind, which case and node. It says where to look, and nothing of what stands there."""
    about = " · ".join(part for part in (number, process, element) if part)
    first = subject(kind, locale).partition("Mingjing: " if locale == ENGLISH else "明镜：")[2]
    if locale == ENGLISH:
        return f"{first}.\n{about}\n\nSign in to Mingjing to see it. How you are told is among your settings.\n"
    return f"{first}。\n{about}\n\n请登录明镜查看。通知方式可在“设置”中更改。\n"
