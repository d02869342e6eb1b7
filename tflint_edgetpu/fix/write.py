"""Writing a model so that no moment leaves half a file: a temporary file beside it, then a rename."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``; killed at any moment the old file, or none, is there in full.

    A file that exists keeps its permissions.  Raises OSError.
    """
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        if not _write_nameless(temporary, data, mode):
            _write_named(temporary, data, mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _write_nameless(path: Path, data: bytes, mode: int) -> bool:
    """Write a file that has no name until it is whole: a kill leaves nothing behind. Linux only; False
    where the platform or the file system cannot."""
    if not hasattr(os, "O_TMPFILE"):
        return False
    try:
        descriptor = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, mode)
    except OSError:
        return False
    try:
        _fill(descriptor, data)
        os.fchmod(descriptor, mode)
        # A directory descriptor makes Python call linkat, which follows the link of /proc; it is not used
        # for an absolute path.
        os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)
    except (FileNotFoundError, PermissionError):  # no /proc, or a kernel that forbids it
        return False
    finally:
        os.close(descriptor)
    return True


def _write_named(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        _fill(descriptor, data)
    finally:
        os.close(descriptor)
    path.chmod(mode)


def _fill(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def replace_in_place(path: Path, data: bytes) -> None:
    """Replace ``path``; a backup ``path.bak`` stands beside it until the new file reads back as written.

    Raises FileExistsError where a backup of that name is there already, OSError where writing fails.
    """
    backup = path.with_name(path.name + ".bak")
    if backup.exists():
        raise FileExistsError(f"{backup} is there already, from an earlier run: move it away first")
    shutil.copy2(path, backup)
    write_atomically(path, data)
    if path.read_bytes() != data:
        backup.replace(path)
        raise OSError(f"{path} does not read back as written; the old file is back in its place")
    backup.unlink()
