#!/bin/bash
# A job of sre as a Slurm array. Each task does a shard and keeps its state in a folder that all nodes see; a task that
# was preempted or killed is started again by Slurm (--requeue) and goes on from its state.
#
#     export SRE=/shared/sre STATES=/shared/states SHARDS=500
#     sbatch --array=0-499%64 recipes/slurm.sh exhaustive --tokens 5 --pythons 3.13
#     sre merge /shared/states/*.json          once the array has ended
#
# `sre … --plan 600` says how many shards of ten minutes there are. A shard that is missing is named by `sre merge`;
# the same sbatch does what is missing, and nothing again.
#SBATCH --job-name=sre
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
: "${SRE:?the program}" "${STATES:?the folder of the states}" "${SHARDS:?the number of shards}"
index=$SLURM_ARRAY_TASK_ID
mkdir -p "$STATES"
status=0
"$SRE" "$@" --jobs 1 --shard "$index/$SHARDS" --state "$STATES/$index.json" >/dev/null || status=$?
# 2 and 3 are divergences, which the state holds. All else is a failure of this task.
case $status in
0 | 2 | 3) ;;
*) exit "$status" ;;
esac
