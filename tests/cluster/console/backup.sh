#!/bin/sh
# What kotsadm's own script does before a snapshot: the database as one file into the volume that is saved.
set -e
wget -q -O /backup/kotsadm-rqlite.sql "http://kotsadm:$RQLITE_PASSWORD@$KOTSADM_RQLITE_SERVICE_HOST:4001/db/backup"
echo "database saved: $(wc -c </backup/kotsadm-rqlite.sql) bytes"
