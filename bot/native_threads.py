"""How many threads native libraries use (OpenMP: sentence vectors, scikit-learn; OpenBLAS: NumPy), and how they wait.

They read the environment when they are loaded, so call these functions first.
"""

import os


def one_thread_each() -> None:
    """For a process that handles one sentence at a time.

    On a busy machine, two threads that waited for each other took up to 270 ms for a sentence instead of 20.
    """
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    wait_asleep()


def wait_asleep() -> None:
    """Let OpenMP's threads sleep while they wait for each other; by default they busy-wait (spin).

    With three other processes on two cores, 640 sentences took 33 to 53 s spinning, 9 to 11 s asleep.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
