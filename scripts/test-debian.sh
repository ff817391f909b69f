#!/bin/bash
# OpenSSH's own client against the lab, and values on their way into a real ksh, on a Debian system. Installs client,
# server and ksh when they are missing; no system sshd is started by that, and one that runs is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v ssh >/dev/null && command -v sftp >/dev/null || missing+=(openssh-client)
[ -x /usr/sbin/sshd ] || missing+=(openssh-server)
command -v ksh >/dev/null || missing+=(ksh)

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "these tests need ${missing[*]}; install them, or run this as root on Debian" >&2
    exit 1
  fi
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

exec node scripts/test.mjs --config .mocharc.debian.json "$@"
