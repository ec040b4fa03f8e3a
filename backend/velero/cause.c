#include "backend/velero/cause.h"

#include <stdlib.h>
#include <string.h>

#define DATA_OF_POD                                                                                \
	"Its volume may hold data that was not made ready for copying; other volumes are not "     \
	"touched by it."
#define NOT_IN_IT "The volume is not in the snapshot, or only in part."
#define TAKE_NEW  "Then take another snapshot (t)."

/* Narrow rows stand before wide ones. */
static const struct cause causes[] = {
	{ "already exists in object storage", "a snapshot of this name is stored already",
	  "Nothing was stored. The files under this name belong to the older snapshot.",
	  "Do not delete it: that would remove the older one's files. Take another (t).", SURE,
	  false },
	{ "no such container", "script names a container that is not there", DATA_OF_POD,
	  "The vendor's hook annotation must name a container of the pod.", SURE, false },
	{ "Error executing hook error: /timed out", "script took too long", DATA_OF_POD,
	  "See Scripts. The hook's timeout may be too short, or the script waits for something.",
	  SURE, false },
	{ "Error running pre hooks for pod", "pod left out after its script failed",
	  "The pod and its volumes are not in the snapshot.",
	  "See Scripts for what it wrote; mend its cause. " TAKE_NEW, SURE, false },
	{ "Error executing hook", "script failed", DATA_OF_POD,
	  "See Scripts for what it wrote; mend its cause. " TAKE_NEW, SURE, false },
	{ "daemonset pod not found in running state", "no node-agent on the node of the pod",
	  NOT_IN_IT, "Let node-agent run on that node (taints, memory, image). " TAKE_NEW, SURE,
	  false },
	{ "not in the expected status", "volume skipped, pod not running", NOT_IN_IT,
	  "Nothing, if the pod was a finished job; else start it. " TAKE_NEW, SURE, false },
	{ "hostPath volume", "volume skipped, host path",
	  "Host paths are never copied: what is in it stays on the node.",
	  "Nothing, if the data can be lost; else ask the vendor.", SURE, false },
	{ "No volume named", "volume named, not found",
	  "The pod's annotation names a volume that the pod does not have.",
	  "Nothing to lose here; the vendor should mend the annotation.", SURE, false },
	{ "is declared in pod", "volume named, not found",
	  "The pod's annotation names a volume that the pod does not have.",
	  "Nothing to lose here; the vendor should mend the annotation.", SURE, false },
	{ "timed out waiting for all PodVolumeBackups", "copying took longer than Velero waits",
	  NOT_IN_IT, "See Volumes for the slow one; raise --fs-backup-timeout of Velero (240 min).",
	  SURE, false },
	{ "found a podvolumebackup with status", "node-agent restarted while it copied", NOT_IN_IT,
	  "See why it restarted (often memory). " TAKE_NEW, SURE, false },
	{ "found a backup with status", "Velero restarted while it ran",
	  "It is cut off: what was stored is not used.",
	  "See why Velero restarted (often memory). " TAKE_NEW, SURE, false },
	{ "no expose result is available", "node-agent restarted while it copied", NOT_IN_IT,
	  "See why it restarted. " TAKE_NEW, SURE, false },
	{ "volume backup canceled", "copying of a volume was cancelled", NOT_IN_IT,
	  "Somebody cancelled it, or the destination went away. " TAKE_NEW, PERHAPS, false },
	{ "data path backup canceled", "copying of a volume was cancelled", NOT_IN_IT,
	  "Somebody cancelled it, or the destination went away. " TAKE_NEW, PERHAPS, false },
	{ "data path backup failed", "copying of a volume broke off", NOT_IN_IT,
	  "With no reason behind it the copying process was killed: often memory of node-agent.",
	  PERHAPS, false },
	{ "no space left on device", "no space left", NOT_IN_IT,
	  "Make room in the destination, or on the node that copied. " TAKE_NEW, SURE, false },
	{ "XMinioStorageFull", "the destination is full", NOT_IN_IT,
	  "Make room in the destination (4). " TAKE_NEW, SURE, false },
	{ "AccessDenied", "the destination refused access", "What was refused is not stored.",
	  "Check rights and keys of the destination (4).", SURE, false },
	{ "InvalidAccessKeyId", "the destination does not know the key", "Nothing was stored.",
	  "Enter the right key on 4 Destination.", SURE, false },
	{ "SignatureDoesNotMatch", "the destination refused the secret key", "Nothing was stored.",
	  "Enter the right key on 4 Destination.", SURE, false },
	{ "x509:", "the certificate of the destination is not trusted", "Nothing was stored.",
	  "Give Velero the CA of the destination (4).", SURE, false },
	{ "error checking if backup already exists", "the destination did not answer",
	  "Nothing was stored.", "See 4 Destination; when it answers again: " TAKE_NEW, FAIRLY_SURE,
	  false },
	{ "is in read-only mode", "the destination is read-only", "Nothing was stored.",
	  "Set its access mode to ReadWrite. " TAKE_NEW, SURE, false },
	{ "backup storage location is currently unavailable", "the destination was not available",
	  "Nothing was stored.", "See 4 Destination; when it answers again: " TAKE_NEW, SURE,
	  false },
	{ "in unavailable status", "the destination was not available", "Nothing was stored.",
	  "See 4 Destination; when it answers again: " TAKE_NEW, SURE, false },
	{ "backupstoragelocation", "the destination it names is not there", "Nothing was stored.",
	  "See 4 Destination: the location must have the name it was asked for with.", FAIRLY_SURE,
	  false },
	{ "backup storage location", "the destination could not be used", "Nothing was stored.",
	  "See 4 Destination.", FAIRLY_SURE, false },
	{ "no such host", "a host name was not found", "What needed it is not stored.",
	  "Check the address of the destination (4) and the cluster's DNS.", FAIRLY_SURE, false },
	{ "connection refused", "nothing answered", "What needed it is not stored.",
	  "See 4 Destination and 6 Doctor. " TAKE_NEW, PERHAPS, false },
	{ "i/o timeout", "no answer in time", "What needed it is not stored.",
	  "See 4 Destination and 6 Doctor. " TAKE_NEW, PERHAPS, false },
	{ "provided port is already allocated", "node port taken",
	  "The Service is not there: another one, or an older Kubernetes, holds its port.",
	  "Free the port, or use Kubernetes 1.19 or later; then restore again (r).", SURE, false },
	{ "is being terminated", "its namespace was going away", "The object was not restored.",
	  "Wait until the namespace is gone, then restore again (r).", SURE, false },
	{ "pod volume restore canceled", "filling of a volume was cancelled",
	  "The volume is empty, or filled in part.", "Restore again (r).", FAIRLY_SURE, false },
	{ "timed out waiting for all PodVolumeRestores", "filling volumes took too long",
	  "Volumes are empty, or filled in part.",
	  "See which pod did not start; raise --fs-backup-timeout of Velero (240 min).", SURE,
	  false },
	{ "pod volume restore failed", "a volume was not filled",
	  "It is empty, or filled in part, and its pod may stay in its init container.",
	  "See to the reason, then restore again (r): the snapshot is unharmed.", SURE, false },
	{ "Endpoints", "known harmless: endpoints exist already", "Kubernetes makes them itself.",
	  "Nothing.", SURE, true },
	{ "EndpointSlice", "known harmless: endpoints exist already",
	  "Kubernetes makes them itself.", "Nothing.", SURE, true },
	{ "kube-root-ca.crt", "known harmless: every namespace has this one",
	  "Kubernetes makes it itself.", "Nothing.", SURE, true },
	/* The cluster of OpenShift makes them itself in each new namespace. */
	{ "RoleBinding:system:", "known harmless: OpenShift has its own",
	  "OpenShift makes it itself.", "Nothing.", FAIRLY_SURE, true },
	{ "in-cluster version is different", "kept, differs from the snapshot",
	  "It was there already, and Velero overwrites nothing: it stays as it is.",
	  "Compare the two if something is amiss; delete it and restore again for the older one.",
	  SURE, false },
};

const struct cause *cause_find(const char *message)
{
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (text_find_nocase(message, causes[i].pattern))
			return &causes[i];
	return NULL;
}

const char *surety_words(enum surety surety)
{
	static const char *const words[] = {
		[SURE] = "Sure",
		[FAIRLY_SURE] = "Fairly sure",
		[PERHAPS] = "Perhaps",
	};

	return words[surety];
}

/* ---- one line ---- */

#define NAME_PART    "name: /"
#define MESSAGE_PART "message: /"
#define ERROR_PART   " error: /"
#define NOT_RESTORED "could not restore, "

/* "could not restore, ConfigMap:acme-settings already exists. ..."; older ones quote the name. */
static void add_not_restored(struct strbuf *out, const char *text)
{
	const char *end = strstr(text, " already exists");

	for (; end && text < end; text++)
		if (*text != '"')
			strbuf_addc(out, *text == ':' ? ' ' : *text);
}

void result_line_add_object(struct strbuf *out, const struct result_line *line)
{
	const char *message = strstr(line->message, MESSAGE_PART);
	const char *name = strstr(line->message, NAME_PART);

	if (text_starts(line->message, NOT_RESTORED))
		add_not_restored(out, line->message + strlen(NOT_RESTORED));
	if (!name || (message && message < name))
		return;
	name += strlen(NAME_PART);
	strbuf_add(out, name, strcspn(name, " "));
}

void result_line_add_words(struct strbuf *out, const struct result_line *line)
{
	const char *message = strstr(line->message, MESSAGE_PART);
	const char *words = message ? message + strlen(MESSAGE_PART) : line->message;
	const char *error = message ? strstr(words, ERROR_PART) : NULL;

	if (!error) {
		strbuf_adds(out, words);
		return;
	}
	strbuf_add(out, words, (size_t)(error - words));
	strbuf_addf(out, ": %s", error + strlen(ERROR_PART));
}

/* ---- groups ---- */

struct grouping {
	struct problem_groups *groups;
	size_t capacity;
};

static struct problem_group *find_group(struct grouping *grouping, const struct cause *cause,
					const char *words)
{
	struct problem_groups *groups = grouping->groups;
	struct problem_group *group;
	size_t i;

	for (i = 0; i < groups->count; i++)
		if (!strcmp(groups->rows[i].title, cause ? cause->title : words))
			return &groups->rows[i];
	groups->rows =
		mem_grow(groups->rows, groups->count, &grouping->capacity, sizeof(*groups->rows));
	group = &groups->rows[groups->count++];
	*group = (struct problem_group){ .cause = cause,
					 .title = cause ? cause->title
							: arena_text(&groups->arena, words) };
	return group;
}

static int rank(const struct problem_group *group)
{
	if (group->cause && group->cause->harmless)
		return 2;
	return group->is_error ? 0 : 1;
}

/* As they came where the rank is the same: the first line of each tells. */
static int by_weight(const void *left, const void *right)
{
	const struct problem_group *a = left, *b = right;

	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return a->lines[0] < b->lines[0] ? -1 : 1;
}

void problems_group(const struct result_lines *lines, struct problem_groups *ret_groups)
{
	struct grouping grouping = { .groups = ret_groups };
	struct strbuf words = STRBUF_INIT;
	size_t i;

	*ret_groups = (struct problem_groups){ 0 };
	for (i = 0; i < lines->count; i++) {
		const struct cause *cause = cause_find(lines->rows[i].message);
		struct problem_group *group;

		strbuf_reset(&words);
		result_line_add_words(&words, &lines->rows[i]);
		group = find_group(&grouping, cause, words.buf);
		if ((group->count & (group->count - 1)) == 0)
			group->lines =
				mem_resize(group->lines, (group->count ? group->count * 2 : 1) *
								 sizeof(*group->lines));
		group->lines[group->count++] = i;
		group->is_error |= lines->rows[i].is_error;
		ret_groups->harmless += cause && cause->harmless;
	}
	if (ret_groups->count > 1)
		qsort(ret_groups->rows, ret_groups->count, sizeof(*ret_groups->rows), by_weight);
	strbuf_done(&words);
}

void problem_groups_done(struct problem_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		free(groups->rows[i].lines);
	free(groups->rows);
	arena_done(&groups->arena);
	*groups = (struct problem_groups){ 0 };
}
