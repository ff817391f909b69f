#!/bin/bash
# The benchmark over real OpenSSH servers, on a Debian system, as root: it makes network namespaces and control groups.
# Installs the runners that are missing; no system sshd is started by that, and one that runs is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

case " $* " in
  *' --help '* | *' -h '*) exec node --import tsx scripts/bench-ssh/main.ts --help ;;
esac

missing=()
need() { command -v "$1" >/dev/null || [ -e "$1" ] || missing+=("$2"); }
need ssh openssh-client
need /usr/sbin/sshd openssh-server
need ip iproute2
need /usr/bin/time time
need script bsdutils
need gcc gcc
case " $* " in
  *' --short '*) ;;
  *)
    need clush clustershell
    need fab fabric
    need ansible-playbook ansible
    need /usr/lib/python3/dist-packages/ansible_mitogen ansible-mitogen
    ;;
esac

if [ "$(id -u)" -ne 0 ] || ! unshare -n true 2>/dev/null || ! grep -q cgroup2 /proc/mounts; then
  echo "the benchmark needs root, network namespaces and a cgroup2 mount" >&2
  case " $* " in *' --short '*) exit 0 ;; esac # a smoke test has nothing to say here
  exit 1
fi
if [ ${#missing[@]} -gt 0 ]; then
  policy=/usr/sbin/policy-rc.d
  own_policy=false
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    own_policy=true
  fi
  remove_policy() { if $own_policy; then rm -f "$policy"; fi; }
  trap remove_policy EXIT
  export DEBIAN_FRONTEND=noninteractive
  echo "installing ${missing[*]} ..." >&2
  { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >/dev/null
  remove_policy
  trap - EXIT
fi

npm run --silent build
exec node --import tsx scripts/bench-ssh/main.ts "$@"
