"""A child process that must not outlive its parent."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
READY = "rasid worker ready"
"""Line that a worker prints to its parent when its stages are consuming."""


def say_ready() -> None:
    """Tells the parent, where RASID_PARENT names one."""
    if os.environ.get("RASID_PARENT"):
        print(READY, flush=True)


def end_with_parent() -> None:
    """Has the kernel send SIGTERM when the process that RASID_PARENT names is gone (Linux; elsewhere nothing)."""
    parent = os.environ.get("RASID_PARENT")
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it died before the call
        sys.exit(0)
