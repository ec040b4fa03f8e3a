/* The vocabulary of KOTS and Velero: labels, annotations, well-known names (spec/kots-snapshots.md
 * 1, 2). */
#ifndef BACKEND_KOTS_LABELS_H
#define BACKEND_KOTS_LABELS_H

#define KOTS_INSTANCE	    "kots.io/instance"
#define KOTS_TRIGGER	    "kots.io/snapshot-trigger"
#define KOTS_REQUESTED	    "kots.io/snapshot-requested"
#define KOTS_IMAGE	    "kots.io/kotsadm-image"
#define KOTS_NAMESPACE	    "kots.io/kotsadm-deploy-namespace"
#define KOTS_SEQUENCES	    "kots.io/apps-sequences"
#define KOTS_VERSIONS	    "kots.io/apps-versions"
#define KOTS_AIRGAP	    "kots.io/is-airgap"
#define KOTS_REGISTRY	    "kots.io/embedded-registry"
#define KOTS_APP_ID	    "kots.io/app-id"
#define KOTS_APP_SEQUENCE   "kots.io/app-sequence"
#define KOTS_APP_SLUG	    "kots.io/app-slug"
#define KOTS_BACKUP	    "kots.io/backup"
#define KOTS_KOTSADM	    "kots.io/kotsadm"
#define VELERO_EXCLUDE	    "velero.io/exclude-from-backup"
#define VELERO_BACKUP_NAME  "velero.io/backup-name"
#define VELERO_BACKUP_UID   "velero.io/backup-uid"
#define VELERO_RESTORE_NAME "velero.io/restore-name"
/* What kotsnap adds to its own backups and records (F-107) */
#define KOTSNAP_MADE_BY "kotsnap.io/made-by"
#define KOTSNAP_REQUEST                                                                            \
	"kotsnap.io/request" /* label: our own id of a request, to find an object whose answer was \
				lost */
#define KOTSNAP_OPERATION "kotsnap.io/operation"

#endif
