"""A training process in which something goes wrong, by its first argument: `python troubled.py dies`."""

import os
import signal
import sys
import threading

from jobs import worker
from recurrent_core.learn import train

AT = 20  # update at which it happens


def dies(plan, state, by_step):
    """Be killed, each time that a process comes by."""
    if state.update == AT:
        os.kill(os.getpid(), signal.SIGKILL)
    return train.update(plan, state, by_step)


def raises(plan, state, by_step):
    if state.update == AT:
        raise FloatingPointError("on purpose")
    return train.update(plan, state, by_step)


def starves(plan, state, by_step):
    if state.update == AT:
        raise MemoryError
    return train.update(plan, state, by_step)


def hangs(plan, state, by_step):
    """Neither train nor stop when asked."""
    threading.Event().wait()


def chats(plan, state, by_step):
    """Print, which must not disturb the messages."""
    print("x" * 1000, flush=True)
    return train.update(plan, state, by_step)


def babbles(plan, state, by_step):
    """Say what is no message, on the pipe itself: the first that is neither input, output nor errors."""
    if state.update == AT:
        for pipe in range(3, 10):
            try:
                os.write(pipe, b"no message at all\n")
            except OSError:
                continue
    return train.update(plan, state, by_step)


if __name__ == "__main__":
    worker.main(globals()[sys.argv[1]])
