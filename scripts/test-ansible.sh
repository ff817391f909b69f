#!/bin/bash
# Ansible itself against us, on a Debian system. Installs ansible-core when it is missing.
#   ANSIBLE=all    asks again for everything that is recorded, and for many more inventories made by chance
#   ANSIBLE=write  records Ansible's answers in test/ansible/recorded.json, and those to new playbooks in playbooks.json
#   ANSIBLE=rewrite  records those to all playbooks
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v ansible-inventory >/dev/null; then
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "these tests need ansible-core; install it, or run this as root on Debian" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  echo "installing ansible-core ..." >&2
  { apt-get update && apt-get install -y --no-install-recommends ansible-core; } >/dev/null
fi

exec node scripts/test.mjs --config .mocharc.ansible.json "$@"
