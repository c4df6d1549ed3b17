"""Where a page may send somebody back to: a path of this site, never another one."""


def local_path(text: str) -> str:
    r"""The text when it is a path of this site, else "/".

    Browsers read `//host`, `/\host` and paths with tabs or line ends inside as other hosts or as more headers.
    """
    is_local = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if is_local and all(character.isprintable() for character in text) else "/"
