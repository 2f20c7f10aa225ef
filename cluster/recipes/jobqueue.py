"""A Dask cluster on Slurm, by dask-jobqueue: as many workers as `--jobs` at most, for which the driver waits.

    pip install dask-jobqueue==0.9.0                  into the environment of cluster/run, or one with the same Dask
    python recipes/jobqueue.py 8                      prints the address of a scheduler, and runs until it is interrupted
    cluster/run --scheduler ADDRESS exhaustive --tokens 5 --pythons 3.13

Other queues are other classes of dask_jobqueue (PBSCluster, LSFCluster, …). On Kubernetes, `KubeCluster` of
dask-kubernetes does the same; its image needs `distributed` as in requirements.txt, and the interpreters."""

import signal
import sys

from dask_jobqueue import SLURMCluster

# A worker for each job of the queue, with one core, as `sre` uses no more for a shard. Longer jobs than a shard lose less.
cluster = SLURMCluster(cores=1, processes=1, memory="400MB", nanny=False, walltime="01:00:00")
cluster.adapt(minimum_jobs=1, maximum_jobs=int(sys.argv[1]))
print(cluster.scheduler_address, flush=True)
signal.pause()
