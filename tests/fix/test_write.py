"""Nothing of the user's is lost, at whatever moment the process dies."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tflint_edgetpu.fix.write import replace_in_place, write_atomically


def test_a_new_file_is_written(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new.tflite", b"data")
    assert (tmp_path / "new.tflite").read_bytes() == b"data"
    assert [file.name for file in tmp_path.iterdir()] == ["new.tflite"]


def test_permissions_stay(tmp_path: Path) -> None:
    file = tmp_path / "m.tflite"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write_atomically(file, b"new")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "m.tflite"
    file.write_bytes(b"old")

    def full_disk(*arguments: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["m.tflite"]


def test_a_backup_of_an_earlier_run_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "m.tflite"
    file.write_bytes(b"old")
    (tmp_path / "m.tflite.bak").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        replace_in_place(file, b"new")
    assert file.read_bytes() == b"old" and (tmp_path / "m.tflite.bak").read_bytes() == b"precious"


def test_in_place_leaves_no_backup_when_all_is_well(tmp_path: Path) -> None:
    file = tmp_path / "m.tflite"
    file.write_bytes(b"old")
    replace_in_place(file, b"new")
    assert file.read_bytes() == b"new"
    assert [found.name for found in tmp_path.iterdir()] == ["m.tflite"]


WRITER = """
import sys
from pathlib import Path
from tflint_edgetpu.fix.write import write_atomically
print("ready", flush=True)
for round in range(10_000):
    write_atomically(Path(sys.argv[1]), bytes([round % 251]) * 300_000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_killed_at_any_moment_the_file_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "m.tflite"
    file.write_bytes(b"\xff" * 300_000)
    for pause in (0.0, 0.003, 0.011, 0.02, 0.05):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        data = file.read_bytes()
        assert len(data) == 300_000 and len(set(data)) == 1, "half a file"
        for left in tmp_path.glob(".*"):
            assert left.stat().st_size == 300_000, "half a temporary file"
