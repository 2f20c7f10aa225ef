#!/usr/bin/env bash
# A job of sre on several hosts over ssh, by GNU parallel.
#
#     SRE=target/release/sre SHARDS=48 HOSTS=8/host1,8/host2 recipes/parallel.sh exhaustive --tokens 4 --pythons 3.13
#
# HOSTS are those of parallel's --sshlogin, which are reached by ssh: `8/host1` does 8 shards at a time. The program is
# copied to the hosts, and the states come back into the folder STATES (default: sre-states). A shard that fails, or
# whose host is gone, is tried three times. The same command does what is missing then. At the end the merged result is
# printed, with the status of `sre merge`, which names the cases that are missing.
set -euo pipefail
: "${SRE:?the program}" "${SHARDS:?the number of shards}" "${HOSTS:?the hosts}"
states=${STATES:-sre-states}
sre=$(realpath "$SRE")
mkdir -p "$states"
cd "$states"
# The same path on each host, named by its contents: two versions do not meet.
program=/tmp/sre-$(id -u)-$(sha256sum <"$sre" | cut -c1-16)
cp "$sre" "$program"
words=$(printf '%q ' "$@")
# 2 and 3 are the statuses of divergences, which the state holds. A state has its name once it is complete.
shard="$program $words --jobs 1 --shard {}/$SHARDS --state {}.part >/dev/null
s=\$?; case \$s in 0|2|3) mv {}.part {}.json ;; *) exit \$s ;; esac"
for ((k = 0; k < SHARDS; k++)); do
  [ -s "$k.json" ] || echo "$k"
done | parallel --sshlogin "$HOSTS" --workdir ... --basefile "$program" --return {}.json --cleanup \
  --retries 3 --joblog +joblog "$shard" || echo "parallel: not every shard was done; see $states/joblog" >&2
exec "$sre" merge [0-9]*.json
