#!/bin/bash
# The same work by the system's ssh with a master connection a host, a background shell a host:
#   openssh.sh FOLDER HOSTS WORK
folder=$1 count=$2 work=$3
config=$folder/ssh_config_mux

dependent() {
  local host=$1 last=$2 said=step number
  for ((number = 0; number <= last; number++)); do
    case $said in *step*) said=$(ssh -F "$config" "$host" "echo step$number") || return ;; *) return 1 ;; esac
  done
}
w1() { ssh -F "$config" "$1" true; }
w2() { dependent "$1" 9; }
w3() {
  local dest=$folder/work/dest/$1
  ssh -F "$config" "$1" "mkdir -p $dest" && scp -q -F "$config" "$folder"/work/f[0-4] "$1:$dest/"
}
w4() { ssh -F "$config" "$1" sleep 2; }
w5() { dependent "$1" 4; }

at_once=$count
[ "$work" != w5 ] || at_once=1
status=0
mapfile -t hosts < <(head -n "$count" "$folder/hosts")
for host in "${hosts[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n || status=1; done
  "$work" "$host" </dev/null >/dev/null &
done
for job in $(jobs -p); do wait "$job" || status=1; done
exit $status
