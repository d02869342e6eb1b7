"""Coral's apt repository and archives, as commands to paste.

``apt-key`` is gone from current Debian and Ubuntu: the key goes into a file of its own.  The archive for macOS
and Windows is the last one of google-coral/libedgetpu, release "grouper".
"""

from __future__ import annotations

KEYRING = "/usr/share/keyrings/coral.gpg"
REPOSITORY = (
    "curl -fsSL https://packages.cloud.google.com/apt/doc/apt-key.gpg | sudo gpg --dearmor -o "
    + KEYRING
    + "\n"
    f"echo 'deb [signed-by={KEYRING}] https://packages.cloud.google.com/apt coral-edgetpu-stable main'"
    " | sudo tee /etc/apt/sources.list.d/coral.list"
)
ARCHIVE = "https://github.com/google-coral/libedgetpu/releases/download/release-grouper/edgetpu_runtime_20221024.zip"
# Rebuilt against current TensorFlow Lite, by a user; named in google-coral/edgetpu#812 and libedgetpu#53.
REBUILT = "https://github.com/feranick/libedgetpu/releases"


def apt(*packages: str) -> str:
    """The commands that install ``packages`` from Coral's repository."""
    return f"{REPOSITORY}\nsudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
