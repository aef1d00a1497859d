"""What operating systems, editors and version control leave among the files of a person."""

from __future__ import annotations

from triptych.core.names import base_name, ending

_FOLDERS = {
    "__macosx": "macOS keeps its extended attributes here",
    ".git": "it belongs to version control",
    ".svn": "it belongs to version control",
    ".hg": "it belongs to version control",
    ".ipynb_checkpoints": "Jupyter keeps its backups here",
    "__pycache__": "Python keeps compiled code here",
    ".spotlight-v100": "macOS keeps its search index here",
    ".trashes": "macOS keeps deleted files here",
    ".fseventsd": "macOS keeps its log of changes here",
    "$recycle.bin": "Windows keeps deleted files here",
    "system volume information": "Windows keeps its own data here",
    "@eadir": "a Synology server keeps its thumbnails here",
    ".idea": "an editor keeps its settings here",
    ".vscode": "an editor keeps its settings here",
}
_FILES = {
    ".ds_store": "macOS keeps the look of a folder here",
    "thumbs.db": "Windows keeps its thumbnails here",
    "ehthumbs.db": "Windows keeps its thumbnails here",
    "desktop.ini": "Windows keeps the look of a folder here",
    ".directory": "KDE keeps the look of a folder here",
    ".gitignore": "it belongs to version control",
    ".gitattributes": "it belongs to version control",
    ".gitkeep": "it belongs to version control",
}
_ENDINGS = {
    ".swp": "an editor's swap file",
    ".swo": "an editor's swap file",
    ".tmp": "a temporary file",
    ".temp": "a temporary file",
    ".crdownload": "an unfinished download",
    ".part": "an unfinished download",
}


def clutter_reason(path: str) -> str | None:
    """Why a file is clutter by its own name, whatever its content, as half a sentence; None when it is not."""
    base = base_name(path).lower()
    if base in _FILES:
        return _FILES[base]
    if base.startswith("._"):
        return "macOS keeps extended attributes of the file of that name here"
    if base.startswith((".~lock.", "~$")):
        return "an office program's mark that the file is open"
    return None


def folder_reason(folder: str) -> str | None:
    """Why everything in a folder is clutter, as half a sentence; None when it is not."""
    for part in folder.lower().split("/"):
        if part in _FOLDERS:
            return _FOLDERS[part]
    return None


def leftover_reason(path: str) -> str | None:
    """Why a path looks like a leftover by its ending; a picture under such a name is still a picture."""
    if path.endswith("~"):
        return "an editor's backup copy"
    return _ENDINGS.get(ending(path))
