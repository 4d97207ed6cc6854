"""Make or renew the environment of the book from its lock; run as a script by the Makefile.

Uses the standard library alone and runs before anything is installed, so no other module of the package may be
imported here. uv installs the lock in seconds; where uv cannot be had, pip does the same in minutes.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOWEST = (3, 11)
UV = ".ci/uv.txt"  # one version, every file of it by its hash
BASE, LAB = "requirements.txt", "requirements-lab.txt"


def say(text):
    print("environment: " + text, flush=True)


def fail(text):
    sys.exit("environment: " + text)


def check_python():
    if sys.version_info < LOWEST:
        fail(
            "Python %d.%d or later is needed, this is %s (%s). Name another one: make PYTHON=/path/to/python3 book"
            % (*LOWEST, sys.version.split()[0], sys.executable)
        )


def executable(folder, name):
    return folder / ("Scripts" if os.name == "nt" else "bin") / (name + (".exe" if os.name == "nt" else ""))


def digest(lock):
    content = lock.read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()


def satisfied(venv, lock_name):
    """True if the environment already holds this lock, or the larger one that includes it."""
    try:
        state = json.loads((venv / "locks.json").read_text())
    except (OSError, ValueError):
        return False
    return (ROOT / lock_name).exists() and state.get(lock_name) == digest(ROOT / lock_name)


def version_of(venv):
    """Python that an environment was made with, as (3, 11); None where it does not say."""
    try:
        lines = (venv / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, value = line.partition("=")
        parts = value.strip().split(".")[:2]
        if name.strip() in ("version", "version_info") and len(parts) == 2 and all(part.isdigit() for part in parts):
            return tuple(int(part) for part in parts)
    return None


def make_venv(folder):
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        fail(
            "this Python cannot make a virtual environment:\n%s\nOn Debian or Ubuntu: apt-get install python3-venv; "
            "or name another Python: make PYTHON=/path/to/python3 book" % (done.stdout + done.stderr).strip()
        )


def find_uv(venv):
    """Path of uv in an environment of its own beside the book's, or None if it cannot be installed."""
    home = venv / "uv"
    uv, held = executable(home, "uv"), home / "lock.txt"
    if uv.exists() and held.exists() and held.read_bytes() == (ROOT / UV).read_bytes():
        return uv
    make_venv(home)
    command = [str(executable(home, "python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
               "--require-hashes", "-r", str(ROOT / UV)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(home, ignore_errors=True)
        return None
    shutil.copyfile(ROOT / UV, held)
    return uv


def for_uv():
    """Environment variables of uv.

    It warns when the cache is on another disk and it has to copy; that is fine here. It trusts certificates of its own unless
    told to use the machine's, which pip does by itself.
    """
    return os.environ | {"UV_LINK_MODE": "copy", "UV_NO_PROGRESS": "1", "UV_SYSTEM_CERTS": "1"}


def install(venv, lock, beside=False):
    """Bring the environment to exactly what the lock says, or add that to what it holds; every file checked by its hash."""
    python = executable(venv, "python")
    uv = find_uv(venv)
    if uv:
        command = [str(uv), "pip", *(["install"] if beside else ["sync"]), "--quiet", "--require-hashes", "--python",
                   str(python), *(["-r"] if beside else []), str(lock)]
        if subprocess.run(command, env=for_uv()).returncode == 0:
            return
        say("uv did not succeed; trying pip, which takes some minutes")
    else:
        say("uv cannot be had; using pip, which takes some minutes")
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
               "-r", str(lock)]
    if subprocess.run(command).returncode:
        fail("the packages of %s could not be installed; the messages above say why" % lock.name)


def link_package(venv):
    """Let the environment find the package in the working tree, with no build step."""
    query = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([str(executable(venv, "python")), "-c", query], capture_output=True, text=True, check=True)
    Path(site.stdout.strip(), "trilateral.pth").write_text(str(ROOT) + "\n")


def main(arguments):
    check_python()
    lock_name, venv = arguments[0], ROOT / ".venv"
    if lock_name == "uv":
        if not executable(venv, "python").exists():
            make_venv(venv)
        print(find_uv(venv) or fail("uv cannot be installed"))
        return
    there, other = executable(venv, "python").exists(), version_of(venv) not in (None, sys.version_info[:2])
    if there and not other and satisfied(venv, lock_name):
        return
    if other or not there:
        before = ", in place of one with Python %d.%d" % version_of(venv) if other else ""
        say("making .venv with Python " + sys.version.split()[0] + before)
        make_venv(venv)
    say("installing " + lock_name)
    # the larger locks include all of requirements.txt at the same versions; a test holds them to that. JupyterLab comes
    # beside what is there, so that whoever also tests does not install in turns.
    held = [lock_name] if lock_name == BASE else [BASE, lock_name]
    beside = lock_name == LAB and satisfied(venv, BASE)
    if beside:
        held += [name for name in json.loads((venv / "locks.json").read_text()) if satisfied(venv, name)]
    (venv / "locks.json").unlink(missing_ok=True)
    install(venv, ROOT / lock_name, beside)
    link_package(venv)
    (venv / "locks.json").write_text(json.dumps({name: digest(ROOT / name) for name in held}))
    say("ready")


if __name__ == "__main__":
    main(sys.argv[1:])
