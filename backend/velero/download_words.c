#include "backend/velero/download_words.h"

#include <string.h>

/* clang-format off */
static const struct {
	const char *kind, *words;
} artefacts[] = {
	{ "BackupLog",             "the log of snapshot" },
	{ "BackupContents",        "the contents of snapshot" },
	{ "BackupResults",         "the errors and warnings of snapshot" },
	{ "BackupResourceList",    "the list of objects of snapshot" },
	{ "BackupVolumeInfos",     "the volume report of snapshot" },
	{ "BackupVolumeSnapshots", "the native volume snapshots of snapshot" },
	{ "BackupItemOperations",  "the plug-in operations of snapshot" },
	{ "RestoreLog",            "the log of restore" },
	{ "RestoreResults",        "the errors and warnings of restore" },
	{ "RestoreResourceList",   "the list of objects of restore" },
	{ "RestoreVolumeInfo",     "the volume report of restore" },
	{ "RestoreItemOperations", "the plug-in operations of restore" },
};

/* What a store says no with (spec/velero-api.md 3.4) */
static const struct {
	const char *code, *hint;
} refusals[] = {
	{ "ExpiredToken",          "the credentials of the location have expired: renew its Secret" },
	{ "RequestTimeTooSkewed",  "the clocks of cluster and store differ by minutes: set them right" },
	{ "SignatureDoesNotMatch", "the Secret has another key than the store, or a proxy changes addresses" },
	{ "InvalidAccessKeyId",    "the store does not know the key of the location: check its Secret" },
	{ "NoSuchBucket",          "the bucket is gone: check the location" },
	{ "SlowDown",              "the store has too much to do: try again later" },
};
/* clang-format on */

#define HINT_ABSENT                                                                                \
	"Velero writes it at the end: one that runs, was refused, or failed early has none, nor "  \
	"has one of an older Velero"
#define HINT_DENIED                                                                                \
	"the key of the location may not read, or the file is not there: a store that may not "    \
	"list says the same"
#define HINT_INSIDE                                                                                \
	"the address may be known inside the cluster only: run kotsnap on a node, or set "         \
	"publicUrl on the location"

void artefact_add(struct strbuf *out, const struct artefact *artefact)
{
	const char *words = artefact->kind;

	for (size_t i = 0; i < ARRAY_SIZE(artefacts); i++)
		if (!strcmp(artefacts[i].kind, artefact->kind))
			words = artefacts[i].words;
	strbuf_addf(out, "%s %s", words, artefact->name);
}

/* "could not read WHAT: " in front; the hint of err stays. */
static enum status wrap(struct error *err, const struct artefact *artefact)
{
	struct strbuf what = STRBUF_INIT;

	artefact_add(&what, artefact);
	error_wrap(err, "could not read %s", what.buf);
	strbuf_done(&what);
	return err->code;
}

enum status download_words_request(struct error *err, const struct artefact *artefact)
{
	if (err->code == STATUS_INVALID) {
		error_set(err, STATUS_UNSUPPORTED, "this Velero does not know %s", artefact->kind);
		error_hint(err, "it is older; the log holds the same words");
	}
	return wrap(err, artefact);
}

enum status download_words_no_address(struct error *err, const struct artefact *artefact, bool seen,
				      const struct error *last)
{
	if (last) {
		*err = *last;
	} else if (seen) {
		error_set(err, STATUS_TIMEOUT, "Velero gave no address for it");
		error_hint(err, "it, its location or the plug-in may be missing; only Velero's log "
				"says which");
	} else {
		error_set(err, STATUS_TIMEOUT, "Velero did not answer the request");
		error_hint(err, "look whether Deployment velero in %s runs (doctor)",
			   artefact->namespace);
	}
	return wrap(err, artefact);
}

enum status download_words_gone(struct error *err, const struct artefact *artefact)
{
	error_set(err, STATUS_NOT_FOUND, "it is not there any more: deleted, or expired");
	error_hint(err, "kotsnap list shows the snapshots there are");
	return wrap(err, artefact);
}

/* The text between <tag> and </tag>, cut to what fits. */
static void xml_text(const char *body, const char *tag, char *ret_text, size_t size)
{
	const char *at = body, *end;
	size_t len = strlen(tag);

	*ret_text = '\0';
	while ((at = strchr(at, '<')) != NULL) {
		at++;
		if (!text_starts(at, tag) || at[len] != '>')
			continue;
		at += len + 1;
		end = strchr(at, '<');
		len = end ? (size_t)(end - at) : strlen(at);
		if (len >= size)
			len = size - 1;
		memcpy(ret_text, at, len);
		ret_text[len] = '\0';
		return;
	}
}

static const char *store_hint(int http, const char *code)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (!strcmp(refusals[i].code, code))
			return refusals[i].hint;
	return http == 404 ? HINT_ABSENT : http == 403 ? HINT_DENIED : "try again later";
}

static enum status store_code(int http)
{
	switch (http) {
	case 404:
		return STATUS_NOT_FOUND;
	case 403:
		return STATUS_FORBIDDEN;
	case 401:
		return STATUS_UNAUTHORIZED;
	default:
		return http == 429 || http >= 500 ? STATUS_BUSY : STATUS_PROTOCOL;
	}
}

enum status download_words_store(struct error *err, const struct artefact *artefact,
				 const char *host, int http, const char *body)
{
	char code[64], message[128];

	xml_text(body, "Code", code, sizeof(code));
	xml_text(body, "Message", message, sizeof(message));
	if (http == 404 && strcmp(code, "NoSuchBucket") != 0)
		error_set(err, STATUS_NOT_FOUND, "the store at %s has no such file", host);
	else if (*code)
		error_set(err, store_code(http), "the store at %s answered %d %s, \"%s\"", host,
			  http, code, message);
	else
		error_set(err, store_code(http), "the store at %s answered %d", host, http);
	error_hint(err, "%s", store_hint(http, code));
	err->http = http;
	return wrap(err, artefact);
}

static const char *route_hint(const struct error *err, bool reached)
{
	switch (err->code) {
	case STATUS_UNREACHABLE:
	case STATUS_TIMEOUT:
		return reached ? "the connection broke on the way: try again" : HINT_INSIDE;
	case STATUS_TLS:
		return "the location names no authority (caCert) that signed the store's "
		       "certificate";
	case STATUS_FORMAT:
		return "try again; when it stays so, the file in the store is damaged";
	default:
		return NULL; /* its own stays */
	}
}

enum status download_words_route(struct error *err, const struct artefact *artefact,
				 const char *host, bool reached)
{
	const char *hint = route_hint(err, reached);

	if (hint)
		error_hint(err, "%s", hint);
	if (!strstr(err->text, host))
		error_wrap(err, "the store at %s", host);
	return wrap(err, artefact);
}

void download_add_host(struct strbuf *out, const char *url)
{
	const char *host = strstr(url, "://"), *at;
	size_t len;

	host = host ? host + 3 : url;
	len = strcspn(host, "/?#");
	at = memchr(host, '@', len);
	if (at) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	strbuf_add(out, host, len);
}

void download_add_received(struct strbuf *out, uint64_t bytes)
{
	if (bytes < 1 << 20)
		strbuf_addf(out, "%u KiB", (unsigned)(bytes >> 10));
	else
		strbuf_addf(out, "%.1f MiB", (double)bytes / (1 << 20));
}
