"""Searching each candidate's space by out-of-fold AUC on train; test is not read.

Trials run in processes of their own, as many as there are cores, and each with one
thread: what a trial finds does not depend on its neighbours.
"""

import atexit
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # ships none

from training.candidates import CANDIDATES
from training.errors import TrainingError
from training.fitting import Problem, out_of_fold, probability_of_bad
from training.interrupts import interrupt_deferred
from training.metrics import rank_metrics
from training.spaces import SPACES, Parameters, Trial, best_of, proposals
from training.splits import TRAIN

logger = logging.getLogger(__name__)

Task = tuple[str, Parameters]
Progress = Callable[[int], Callable[[], None]]


def search(
    problem: Problem,
    shown: Progress = lambda _: lambda: None,
    *,
    workers: int | None = None,
) -> dict[str, tuple[Trial, ...]]:
    """Try the parameters that the settings ask for; the defaults come first.

    Parameters
    ----------
    shown
        Told how many trials there are; what it gives is called after each.
    workers
        Processes; one stays in this process, and without a number each core gets one.

    Returns
    -------
    dict
        Trials by candidate, in the order of their proposal.
    """
    settings = problem.settings
    tasks: list[Task] = [
        (name, parameters)
        for name, candidate in CANDIDATES.items()
        for parameters in proposals(
            candidate.defaults, SPACES[name], how=settings.search, seed=settings.seed
        )
    ]
    found: dict[int, Trial] = {}
    done = shown(len(tasks))
    with _trials(problem, tasks, workers or _cores()) as trials:
        for place, trial in trials:
            found[place] = trial
            done()
    by_candidate = {
        name: tuple(found[i] for i, (of, _) in enumerate(tasks) if of == name)
        for name in CANDIDATES
    }
    for name, tried in by_candidate.items():
        _tell(name, tried)
    return by_candidate


def try_out(problem: Problem, task: Task) -> Trial:
    """Measure one candidate with some parameters, each fold by the other folds."""
    name, parameters = task
    candidate, context = CANDIDATES[name], problem.context
    try:
        predicted = out_of_fold(
            problem,
            lambda: candidate.estimator(context, **parameters),
            probability_of_bad,
        )
    except TrainingError as error:
        logger.warning("%s with %s: %s", name, parameters, error)
        return Trial(parameters, None)
    auc = rank_metrics(problem.target_of(TRAIN), predicted)["roc_auc"]
    return Trial(parameters, auc, predicted)


@contextmanager
def _trials(
    problem: Problem, tasks: Sequence[Task], workers: int
) -> Iterator[Iterator[tuple[int, Trial]]]:
    """Trials with their place among the tasks, in the order they finish."""
    if workers == 1:
        yield ((i, try_out(problem, task)) for i, task in enumerate(tasks))
        return
    # Not forked: a lock that another thread holds would stay locked for ever.
    pool = ProcessPoolExecutor(
        min(workers, len(tasks)),
        multiprocessing.get_context("spawn"),
        initializer=_prepare,
        initargs=(problem,),
    )
    try:
        with _starting():
            places = {
                pool.submit(_try_out_here, task): i for i, task in enumerate(tasks)
            }
        yield ((places[future], future.result()) for future in as_completed(places))
    except BrokenProcessPool as error:
        raise TrainingError(
            "a process of the search was ended from outside, perhaps for its memory;"
            " run again, or with --search none"
        ) from error
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _starting() -> Iterator[None]:
    """Let Ctrl-C wait while processes start, and make them deaf to it.

    Stopped in the middle, a process would tell of half a message with a traceback.
    The mask is for the processes, which inherit it: here another thread would take
    the signal, and Python raise it in this one.
    """
    resource_tracker.ensure_running()  # it resets the mask when it starts
    with interrupt_deferred():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


_problem_here: list[Problem] = []


def _prepare(problem: Problem) -> None:
    """Make a process ready: one thread, and gone when its parent is."""
    threading.Thread(target=_follow_the_parent, daemon=True).start()
    atexit.register(os._exit, 0)  # else DuckDB tells of what it still holds
    threadpool_limits(1)
    _problem_here[:] = [problem]


def _follow_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _try_out_here(task: Task) -> Trial:
    return try_out(_problem_here[0], task)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # what a container may use
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _tell(name: str, trials: Sequence[Trial]) -> None:
    best, defaults = best_of(trials), trials[0]
    if best.roc_auc is None:
        raise TrainingError(f"{name} could not be fitted with any parameters")
    changed: Mapping[str, object] = {
        key: value
        for key, value in best.parameters.items()
        if defaults.parameters.get(key) != value
    }
    before = "" if defaults.roc_auc is None else f", defaults {defaults.roc_auc:.4f}"
    logger.info(
        "%s: best of %d out of fold: AUC %.4f%s; %s",
        name,
        len(trials),
        best.roc_auc,
        before,
        changed or "the defaults stay",
    )
