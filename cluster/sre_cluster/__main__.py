"""`cluster/run VERB …`: runs a job of `sre` in shards, on this machine or on a Dask cluster."""

import argparse
import importlib.util
import logging
import os
import shutil
import sys

from sre_cluster.job import CannotRun, Job
from sre_cluster.progress import Progress

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

DESCRIPTION = """\
Run a long job of sre in shards, on this machine or on a Dask cluster.

Example: cluster/run exhaustive --tokens 4 --pythons all

A job that was interrupted, by whatever, is resumed by the same command. Dask itself: cluster/run dask scheduler,
cluster/run dask worker ADDRESS.

Exit status: that of sre; 1 also if a shard is missing, or the scheduler is lost.
"""


def arguments():
    parser = argparse.ArgumentParser(
        prog="cluster/run", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--scheduler", metavar="ADDRESS", help="use this Dask cluster instead of this machine: tcp://HOST:PORT")
    add("--workers", metavar="N", type=int, help="number of workers on this machine [default: one per core]")
    add("--seconds", metavar="N", type=float, default=120, help="length of a shard [default: 120]")
    add("--shards", metavar="N", type=int, help="number of shards, instead of --seconds")
    add("--dir", metavar="FOLDER", default=".sre-cluster", help="folder of the states [default: .sre-cluster]")
    add("--sre", metavar="FILE", help="the program [default: SRE, else target/release/sre, else sre on the PATH]")
    add("--tries", metavar="N", type=int, default=3, help="number of tries for a shard [default: 3]")
    add("--dashboard", metavar="ADDRESS", default="127.0.0.1:8787",
        help="with SRE_CLUSTER_DASHBOARD=1, on this machine; :0 for any port")
    add("words", metavar="VERB …", nargs=argparse.REMAINDER, help="exhaustive, compare, check, soak or corpus coverage, with its options")
    given = parser.parse_args()
    if not given.words:
        parser.error("a verb of sre is expected: exhaustive, compare, check, soak or corpus coverage")
    return given


def program(named):
    built = os.path.join(ROOT, "target/release/sre")
    for candidate in (named, os.environ.get("SRE"), built if os.path.isfile(built) else None, shutil.which("sre")):
        if candidate:
            return os.path.abspath(candidate)
    raise CannotRun("no sre was found: cargo build --release -p sre-cli, or --sre FILE")


def cluster(given):
    """Starts a cluster on this machine, unless a scheduler is given. Returns the client, and the cluster if it was started.

    The cluster is in this process, with a thread for each shard at work: a shard is a process `sre` already, and each
    Python process that imports Dask takes a second of processor time."""
    import dask
    from distributed import Client, Scheduler, SpecCluster, Worker

    if given.scheduler:
        return Client(given.scheduler, timeout="60s", set_as_default=False), None
    # No link can fail. After a pause of this process, the worker would be given up, and nothing starts another.
    dask.config.set({"distributed.scheduler.worker-ttl": None})
    # Both have an HTTP server even without a dashboard. LocalCluster would have the worker's listen on every network.
    nowhere = {"protocol": "inproc://", "dashboard": False, "dashboard_address": "127.0.0.1:0"}
    shown = {"dashboard": True, "dashboard_address": given.dashboard} if has_dashboard() else {}
    threads = given.workers or os.cpu_count()
    local = SpecCluster(
        scheduler={"cls": Scheduler, "options": {**nowhere, **shown}},
        workers={0: {"cls": Worker, "options": {**nowhere, "nthreads": threads, "memory_limit": None}}},
        silence_logs=logging.CRITICAL,
    )
    return Client(local, set_as_default=False), local


def has_dashboard():
    """Returns whether Dask's dashboard was asked for. Importing bokeh takes as long as all else at the start."""
    return os.environ.get("SRE_CLUSTER_DASHBOARD") == "1" and importlib.util.find_spec("bokeh") is not None


def dashboard(given, client, local):
    """Returns where Dask's dashboard is, if there is one, as the end of a message."""
    if not has_dashboard():
        return ""
    if local is None:
        return f"; dashboard {client.dashboard_link}"
    # Dask would name the address of this host in its network, at which a dashboard on 127.0.0.1 cannot be reached.
    host = given.dashboard.rpartition(":")[0] or "127.0.0.1"
    return f"; dashboard http://{host}:{local.scheduler_info['services']['dashboard']}/status"


def main():
    given = arguments()
    # Dask logs each lost connection; the driver says what follows from it.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    workers = 1 if given.scheduler else given.workers or os.cpu_count()
    try:
        job = Job(program(given.sre), given.words, given.dir, given.seconds, given.shards, workers)
        progress = Progress(job)
        for index in set(range(job.shards)) - set(job.todo):
            progress.finished(index, job.stored(job.shard_file(index))[1])
        failures = run(given, job, progress) if job.todo else {}
    except (CannotRun, OSError) as why:
        print(f"cluster: {why}", file=sys.stderr)
        return 1
    if failures is None:
        return 1
    for index, why in sorted(failures.items()):
        progress.say(f"missing: shard {index}/{job.shards}: {why}")
    done = [index for index in range(job.shards) if index not in failures]
    if not done:
        return 1
    status = job.merge(done, bool(failures))
    return max(status, 1) if failures and status != 2 else status


def run(given, job, progress):
    """Runs the shards that are not done. Returns the failures; None if the run ended before."""
    client, local = cluster(given)
    from sre_cluster.driver import Driver, SchedulerGone

    before = f", of which {progress.complete} were done before" if progress.complete else ""
    progress.say(f"{job.shards} shards{before}{dashboard(given, client, local)}")
    again = "the same command resumes"
    try:
        return Driver(client, job, progress, given.tries, is_local=local is not None).run()
    except SchedulerGone:
        progress.say(f"the scheduler is gone; {progress.complete} of {job.shards} shards are done; {again}")
    except KeyboardInterrupt:
        progress.say(f"interrupted; {progress.complete} of {job.shards} shards are done; {again}")
    finally:
        client.close(timeout=5)
        if local is not None:
            local.close(timeout=5)
    return None


if __name__ == "__main__":
    sys.exit(main())
