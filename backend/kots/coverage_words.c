#include "backend/base/amount.h"
#include "backend/kots/coverage.h"

/* clang-format off */
static const struct {
	enum coverage_weight weight;
	const char *word, *words;
} whys[COVERAGE_WHYS] = {
	[COVERAGE_COPIED]          = { COVERAGE_IN,       "copied",          "copied" },
	[COVERAGE_SNAPSHOT]        = { COVERAGE_LEFT_OUT, "storage-snapshot", "not copied; perhaps a snapshot of its storage" },
	[COVERAGE_NO_DUMP]         = { COVERAGE_LEFT_OUT, "no-dump",         "the Admin Console does not run, and nobody else dumps it" },
	[COVERAGE_NOT_NAMED]       = { COVERAGE_LEFT_OUT, "not-named",       "named by no annotation" },
	[COVERAGE_NO_POD]          = { COVERAGE_LEFT_OUT, "no-pod",          "no pod of the snapshot mounts it" },
	[COVERAGE_POD_NOT_RUNNING] = { COVERAGE_LEFT_OUT, "pod-not-running", "its pod does not run" },
	[COVERAGE_POD_ENDED]       = { COVERAGE_LEFT_OUT, "pod-ended",       "its pod has ended" },
	[COVERAGE_NO_AGENT]        = { COVERAGE_LEFT_OUT, "no-node-agent",   "no node agent runs on its node" },
	[COVERAGE_HOST_PATH]       = { COVERAGE_LEFT_OUT, "host-path",       "a folder of the node, which Velero never copies" },
	[COVERAGE_BLOCK]           = { COVERAGE_LEFT_OUT, "block",           "a raw device, which is not copied as files" },
	[COVERAGE_NOT_MOUNTED]     = { COVERAGE_LEFT_OUT, "not-mounted",     "no container mounts it" },
	[COVERAGE_NO_CLAIM]        = { COVERAGE_LEFT_OUT, "no-claim",        "the claim is not there" },
	[COVERAGE_NO_SUCH_VOLUME]  = { COVERAGE_LEFT_OUT, "no-such-volume",  "named by the annotation, but the pod has no such volume" },
	[COVERAGE_NO_NAMESPACE]    = { COVERAGE_LEFT_OUT, "no-namespace",    "to be included, but not there: Velero would end PartiallyFailed" },
	[COVERAGE_EXCLUDED]        = { COVERAGE_ASIDE,    "excluded",        "left out by backup-volumes-excludes" },
	[COVERAGE_DUMPED]          = { COVERAGE_ASIDE,    "dumped",          "what is in it is in the dump of the Admin Console" },
	[COVERAGE_SCRATCH]         = { COVERAGE_ASIDE,    "scratch",         "scratch space (emptyDir), named by no annotation" },
	[COVERAGE_ENDED]           = { COVERAGE_ASIDE,    "ended",           "it has ended: kept as an object, never restored" },
	[COVERAGE_LABELLED_OUT]    = { COVERAGE_ASIDE,    "labelled-out",    "labelled velero.io/exclude-from-backup" },
	[COVERAGE_OUTSIDE]         = { COVERAGE_ASIDE,    "outside",         "no selector of the snapshot takes it" },
};
/* clang-format on */

static const struct {
	const char *kind, *word;
} things[] = {
	[COVERAGE_CLAIM] = { "PersistentVolumeClaim", "claim" },
	[COVERAGE_VOLUME] = { "Volume", "volume" },
	[COVERAGE_POD] = { "Pod", "pod" },
	[COVERAGE_NAMESPACE] = { "Namespace", "namespace" },
};

enum coverage_weight coverage_weight(enum coverage_why why)
{
	return whys[why].weight;
}

size_t coverage_errors(const struct coverage *coverage)
{
	return coverage->by_why[COVERAGE_NO_AGENT] + coverage->by_why[COVERAGE_NO_CLAIM] +
	       coverage->by_why[COVERAGE_NO_NAMESPACE];
}

const char *coverage_words(enum coverage_why why)
{
	return whys[why].words;
}

const char *coverage_word(enum coverage_why why)
{
	return whys[why].word;
}

const char *coverage_thing_word(enum coverage_thing thing)
{
	return things[thing].kind;
}

void coverage_add_thing(struct strbuf *out, const struct coverage_row *row)
{
	bool in_pod = *row->pod && row->thing != COVERAGE_POD;

	strbuf_addf(out, "%s %s%s", things[row->thing].word, row->namespace,
		    *row->namespace ? "/" : "");
	/* A name that begins or ends with a blank is why it is not found. */
	strbuf_addf(out, row->why == COVERAGE_NO_SUCH_VOLUME ? "\"%s\"" : "%s", row->name);
	if (in_pod || row->size_bytes > 0)
		strbuf_adds(out, " (");
	if (in_pod)
		strbuf_addf(out, "pod %s", row->pod);
	if (in_pod && row->size_bytes > 0)
		strbuf_adds(out, ", ");
	if (row->size_bytes > 0)
		amount_add_bytes(out, row->size_bytes);
	if (in_pod || row->size_bytes > 0)
		strbuf_addc(out, ')');
}

void coverage_add_reason(struct strbuf *out, const struct coverage_row *row)
{
	strbuf_adds(out, whys[row->why].words);
	if (*row->detail)
		strbuf_addf(out, " (%s)", row->detail);
}

void coverage_add_row(struct strbuf *out, const struct coverage_row *row)
{
	coverage_add_thing(out, row);
	strbuf_adds(out, ": ");
	coverage_add_reason(out, row);
}
