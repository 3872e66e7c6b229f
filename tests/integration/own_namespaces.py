"""How a test goes on in namespaces of its own, where it may make networks as it likes."""

import os
import subprocess
import sys

from chat_programs import skip

_INSIDE = "PENTAD_TEST_IS_INSIDE"


def go_on_inside(*kinds, missing=lambda: ""):
    """Runs the script again in new namespaces, such as `--net`, as root of them; skips it where that
    is not allowed, or for the reason that `missing` gives. Returns inside of them, with `lo` up."""
    if _INSIDE in os.environ:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    enter = ["unshare", *kinds]
    if os.geteuid() != 0:
        enter[1:1] = ["--user", "--map-root-user"]
    allowed = subprocess.run([*enter, "true"], capture_output=True, text=True)
    if allowed.returncode != 0:
        skip("network namespaces are not allowed here: " + allowed.stderr.strip())
    if reason := missing():
        skip(reason)
    os.environ[_INSIDE] = "1"
    os.execvp(enter[0], [*enter, sys.executable, *sys.argv])
