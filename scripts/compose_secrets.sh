#!/bin/sh
# Makes the secrets of compose.yaml, each in a file of secrets/, once. Only you can enter that folder; in the
# containers each user reads the files that compose.yaml gives to it.
set -eu
cd "$(dirname "$0")/.."
if [ -e secrets ]; then
    echo "secrets/ is there already; nothing was changed" >&2
    exit 1
fi

make_secret() {
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

umask 077
mkdir secrets
password=$(make_secret)
printf 'requirepass %s\n' "$password" >secrets/redis.conf
printf 'redis://:%s@redis:6379/0\n' "$password" >secrets/store
make_secret >secrets/approval_secrets
chmod 644 secrets/*
echo "made secrets/store, secrets/redis.conf and secrets/approval_secrets"
