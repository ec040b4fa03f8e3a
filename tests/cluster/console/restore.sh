#!/bin/sh
# What kotsadm's init container does after a restore; without a saved database it does nothing, which is the normal start.
set -e
[ -s /backup/kotsadm-rqlite.sql ] || exit 0
wget -q -O - --header 'Content-type: application/octet-stream' --post-file /backup/kotsadm-rqlite.sql \
	"http://kotsadm:$RQLITE_PASSWORD@$KOTSADM_RQLITE_SERVICE_HOST:4001/db/load"
rm /backup/kotsadm-rqlite.sql
