"""A server that has started a training and looks at it: prints the ids of job and process, then waits for its end.

`python a_server.py` with a line on its input ends it in an orderly way.
"""

import sys
import threading

import jobs

office = jobs.office()
query = "task=adding&n=2&len=10&all=20000&v=1"
id = office.submit("owner", query, 20000)
while not office.status(id).update:
    threading.Event().wait(0.05)
print(id, office._jobs[id].worker.pid, flush=True)
threading.Thread(
    target=lambda: [office.beat(id, "owner") for _ in iter(lambda: threading.Event().wait(1), True)],
    daemon=True,
).start()
sys.stdin.readline()
