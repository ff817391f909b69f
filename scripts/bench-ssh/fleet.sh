#!/bin/bash
# A fleet of N "hosts" for the benchmark: real OpenSSH servers, one address a host (10.77.x.y port 2222), in network
# namespaces made here. Nothing listens on a real interface; no file of the system or of anybody's home is changed.
#
#   fleet.sh up FOLDER N [RTT_MS]   into an empty folder; RTT_MS 0 or absent: the namespace's own loopback
#   fleet.sh down FOLDER            ends what `up` started, by its pid
#
# Root, openssh-server, iproute2, util-linux; for a delay gcc and /dev/net/tun. FOLDER/env then says how to get there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PER_SSHD=16 # sshd takes at most so many ListenAddress lines

address() { echo "10.77.$(($1 / 250)).$(($1 % 250 + 2))"; }
cgroups() { awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts; }

keys() {
  ssh-keygen -q -t ed25519 -N '' -C bench-host -f "$1/host_key"
  ssh-keygen -q -t ed25519 -N '' -C bench-user -f "$1/home/.ssh/id_ed25519"
  cp "$1/home/.ssh/id_ed25519.pub" "$1/authorized_keys"
  sed 's/^/* /' "$1/host_key.pub" >"$1/home/.ssh/known_hosts"
}

# A process that holds a new namespace open; its pid. Its program begins when the namespace is as it stays: a mount that
# was made before would be seen elsewhere, or nowhere.
holder() {
  local folder=$1 pid begun
  shift
  begun=$(mktemp -u "$folder/holder.XXXXXX")
  unshare "$@" sh -c ': >"$0"; exec sleep infinity' "$begun" </dev/null >/dev/null 2>&1 &
  pid=$!
  disown $pid
  echo $pid >>"$folder/pids"
  while [ ! -e "$begun" ]; do sleep 0.01; done
  echo $pid
}

# The servers' own network, and their own passwd: root's shell is /bin/sh there, and its home is empty. Their whole /etc
# is a copy: whoever adds a user to the system replaces its passwd, and the kernel takes a mount on that file away with it.
servers_namespace() {
  local folder=$1 pid
  pid=$(holder "$folder" -n -m --propagation private)
  cp -a /etc "$folder/etc"
  sed "s#^root:.*#root:x:0:0:root:$folder/far-home:/bin/sh#" /etc/passwd >"$folder/etc/passwd"
  nsenter -t "$pid" -n -m sh -ec "
    mount --bind $folder/etc /etc
    mkdir -p /run/sshd; mount --bind $folder/run /run/sshd
    grep -q '^root:.*$folder/far-home:/bin/sh' /etc/passwd # else every command would start whatever root's own shell starts
    ip link set lo up; ip addr add 10.77.0.1/16 dev lo"
  echo "$pid"
}

# Every packet between the two namespaces waits for half of the round trip: most kernels of test machines have no netem.
delay_line() {
  local folder=$1 client=$2 server=$3 rtt=$4
  gcc -O2 -Wall -o "$folder/tundelay" "$here/tundelay.c"
  nice -n -20 "$folder/tundelay" "$client" "$server" $((rtt * 500)) </dev/null >"$folder/tun.out" 2>&1 &
  echo $! >>"$folder/pids"
  disown $!
  for _ in $(seq 100); do grep -q ready "$folder/tun.out" && break; sleep 0.02; done
  nsenter -t "$client" -n sh -ec "
    ip link set lo up; ip link set zfdelay up mtu 1500 txqueuelen 20000
    ip addr add 10.78.0.1/32 dev zfdelay; ip route add 10.77.0.0/16 dev zfdelay"
  nsenter -t "$server" -n sh -ec "
    ip link set zfdelay up mtu 1500 txqueuelen 20000
    ip addr add 10.78.0.2/32 dev zfdelay; ip route add 10.78.0.1/32 dev zfdelay"
}

client_configuration() {
  local folder=$1
  cat >"$folder/ssh_config" <<X
Host *
  Port 2222
  User root
  IdentityFile $folder/home/.ssh/id_ed25519
  IdentitiesOnly yes
  UserKnownHostsFile $folder/home/.ssh/known_hosts
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  BatchMode yes
  LogLevel ERROR
X
  { cat "$folder/ssh_config"; printf '  ControlMaster auto\n  ControlPersist 60\n  ControlPath %s/cm/%%C\n' "$folder"; } \
    >"$folder/ssh_config_mux"
}

server_configuration() {
  local folder=$1 n=$2 number=$3 i
  echo 'Port 2222'
  for ((i = number * PER_SSHD; i < (number + 1) * PER_SSHD && i < n; i++)); do echo "ListenAddress $(address $i)"; done
  cat <<X
HostKey $folder/host_key
PidFile $folder/run/sshd.$number.pid
AuthorizedKeysFile $folder/authorized_keys
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
MaxStartups 1000
LoginGraceTime 300
LogLevel VERBOSE
Subsystem sftp /usr/lib/openssh/sftp-server
X
}

up() {
  local folder=$1 n=$2 rtt=${3:-0} i
  mkdir -p "$folder"/{run,home/.ssh,far-home,cm,work}
  chmod 755 "$folder"
  chmod 700 "$folder/cm"
  : >"$folder/pids"
  keys "$folder"
  client_configuration "$folder"
  for ((i = 0; i < n; i++)); do address $i; done >"$folder/hosts"
  local server client
  server=$(servers_namespace "$folder")
  client=$server
  if [ "$rtt" != 0 ]; then
    client=$(holder "$folder" -n)
    delay_line "$folder" "$client" "$server" "$rtt"
  fi
  local group
  group=$(cgroups)/zoneferry-bench-servers-$$
  mkdir "$group"
  local sshds=$(((n + PER_SSHD - 1) / PER_SSHD))
  for ((i = 0; i < sshds; i++)); do
    server_configuration "$folder" "$n" $i >"$folder/sshd.$i.conf"
    (
      echo 0 >"$group/cgroup.procs"
      exec nsenter -t "$server" -n -m /usr/sbin/sshd -f "$folder/sshd.$i.conf" -E "$folder/sshd.log" </dev/null >/dev/null
    )
  done
  for ((i = 0; i < sshds; i++)); do
    while [ ! -s "$folder/run/sshd.$i.pid" ]; do sleep 0.02; done
    cat "$folder/run/sshd.$i.pid" >>"$folder/pids"
  done
  printf '{ "client": %d, "servers": "%s", "sshds": %d }\n' "$client" "$group" $sshds >"$folder/env"
}

down() {
  local folder=$1 group pid
  [ ! -e "$folder/pids" ] || for pid in $(tac "$folder/pids"); do kill "$pid" 2>/dev/null || true; done
  group=$(sed -n 's/.*"servers": "\([^"]*\)".*/\1/p' "$folder/env" 2>/dev/null || true)
  [ -n "$group" ] && [ -d "$group" ] || return 0
  for _ in $(seq 50); do
    [ -s "$group/cgroup.procs" ] || break
    while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$group/cgroup.procs"
    sleep 0.1
  done
  for _ in $(seq 50); do
    if rmdir "$group" 2>/dev/null; then return; fi
    sleep 0.1
  done
}

case "${1:-}" in
  up | down) "$@" ;;
  *) sed -n 2,9p "$0"; exit 2 ;;
esac
