/* Which objects belong into a backup, and which of a backup's into a restore: Velero's rules over
 * namespaces, resources and labels (spec/velero-api.md 2.1, 2.3, 7.2). Pure; any thread. */
#ifndef BACKEND_PRACTICE_SELECT_H
#define BACKEND_PRACTICE_SELECT_H

#include "backend/base/json.h"
#include "backend/practice/kinds.h"

#include <stdbool.h>

/* Does a metav1.LabelSelector (matchLabels, matchExpressions) take these labels? NULL takes
 * everything. */
bool select_labels(const struct json *selector, const struct json *labels);

/* spec.labelSelector and spec.orLabelSelectors of a backup or restore. */
bool select_by_spec_labels(const struct json *spec, const struct json *labels);
bool select_has_labels(const struct json *spec);

/* includedNamespaces/excludedNamespaces; globs; an empty include list is all. "" (cluster-scoped)
 * is never asked. */
bool select_namespace(const struct json *spec, const char *namespace);

/* The old and the new filters. A cluster-scoped kind with includeClusterResources unset is taken
 * only when all namespaces are (related ones come as items of their own). */
bool select_kind(const struct json *spec, const struct kind *kind);

/* One object of a backup on its own merits: kind, namespace, labels, and not
 * velero.io/exclude-from-backup. What comes along with others (claims and volumes of pods,
 * namespaces) is the collector's business. */
bool select_object(const struct json *spec, const struct kind *kind, const struct json *object);

/* May an object that comes along be taken: not excluded by its label, its kind, its namespace? */
bool select_related(const struct json *spec, const struct kind *kind, const struct json *object);

/* Names of a pod's volumes that are copied, as an owned list of texts. default_all:
 * spec.defaultVolumesToFsBackup. */
struct json *select_pod_volumes(const struct json *pod, bool default_all);

/* What Velero refuses: an owned list of texts, empty when all is well. Looks at the spec alone. */
struct json *select_problems(const struct json *spec);

#endif
