#!/bin/bash
# zoneferry's own edge against real OpenSSH servers on the loopback: private ones, with configuration, keys and ports of
# their own, stopped afterwards. On a Debian system it brings what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/need.sh

need ssh=openssh-client /usr/sbin/sshd=openssh-server sudo=sudo faketime=faketime script=bsdutils \
  ksh=ksh mksh=mksh tcsh=tcsh /bin/bsd-csh=csh zsh=zsh fish=fish
# One test wants a Kerberos realm of its own; it says so where there is none.
(need /usr/sbin/krb5kdc=krb5-kdc /usr/sbin/kadmin.local=krb5-admin-server kinit=krb5-user) || true
# Where sshd keeps its unprivileged half; the system's own service would make it at boot.
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd

[ $# -gt 0 ] || set -- 'test/openssh/*.test.ts'
exec node scripts/test.mjs --config .mocharc.openssh.json "$@"
