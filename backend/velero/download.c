/* A download goes: POST a DownloadRequest, GET it until it holds an address, GET the address
 * without any of our credentials, unpack, DELETE the request. When the store's certificate is not
 * trusted, the location is asked for its authority, once. */
#include "backend/velero/download.h"

#include "backend/base/clock.h"
#include "backend/net/inflate.h"
#include "backend/velero/backup.h"
#include "backend/velero/download_words.h"
#include "backend/velero/restore.h"
#include "backend/velero/store_trust.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define ADDRESS_WAIT_MS 60000
#define STALL_MS	30000
#define TEXT_CEILING	((size_t)256 << 20)
#define REFUSAL_CEILING 8192
#define STEP_GAP_MS	250
/* Velero never answers for what is gone: the owner is looked for at the fourth look, then at each
 * eighth after it. */
#define OWNER_FIRST  4
#define OWNER_EVERY  8
#define NAME_CEILING 216 /* with "-" and a uuid it stays a valid name of 253 */

struct download {
	struct transport *transport;
	struct client *client;
	void (*step)(void *arg, const char *words);
	void (*done)(void *arg, const struct document *document, const struct error *err);
	void *arg;
	char *namespace, *kind, *name;
	char *request; /* name of the DownloadRequest */
	char *path;    /* of it */
	bool asked;    /* it may exist: it is deleted at the end */
	uint64_t call, timer, fetch;
	struct store_trust *trust;
	int64_t asked_ms, stepped_ms;
	unsigned looks;	   /* without an address */
	struct error last; /* of the last look at the request */

	char *url;
	struct strbuf host;
	struct tls_identity tls;
	bool tls_asked;
	struct inflate *inflate; /* NULL: kept as it comes */
	struct strbuf text;	 /* or the body of a refusal */
	uint64_t received;
	int http;
	struct error err; /* why the body was not taken further */
};

static const struct kube_kind request_kind = { "velero.io", "v1", "downloadrequests" };

static void forget(void *arg, const struct json *reply, const struct error *err)
{
	(void)arg;
	(void)reply;
	(void)err;
}

/* Velero would delete it too, ten minutes later. */
static void delete_request(struct download *download)
{
	struct client_call call = { .method = "DELETE",
				    .path = download->path,
				    .what = "delete the download request" };

	if (download->asked)
		client_call(download->client, &call, forget, NULL);
	download->asked = false;
}

static void download_free(struct download *download)
{
	delete_request(download);
	inflate_free(download->inflate);
	tls_identity_done(&download->tls);
	strbuf_done(&download->text);
	strbuf_done(&download->host);
	free(download->namespace);
	free(download->kind);
	free(download->name);
	free(download->request);
	free(download->path);
	free(download->url);
	free(download);
}

static struct artefact artefact_of(const struct download *download)
{
	return (struct artefact){ download->kind, download->name, download->namespace };
}

static void fail(struct download *download, const struct error *err)
{
	download->done(download->arg, NULL, err);
	download_free(download);
}

static void succeed(struct download *download)
{
	size_t len = download->text.len;
	const struct document *document = document_new(strbuf_detach(&download->text), len);

	download->done(download->arg, document, NULL);
	document_unref(document);
	download_free(download);
}

static void say(struct download *download, const char *words)
{
	if (download->step)
		download->step(download->arg, words);
}

/* ---- the bytes ---- */

static void start_fetch(struct download *download);

static bool fetch_head(void *arg, const struct http_reply *reply)
{
	struct download *download = arg;

	download->http = reply->status;
	return true;
}

static void say_received(struct download *download)
{
	int64_t now_ms = clock_monotonic_ms();
	struct strbuf words = STRBUF_INIT;

	if (now_ms - download->stepped_ms < STEP_GAP_MS)
		return;
	download->stepped_ms = now_ms;
	download_add_received(&words, download->received);
	say(download, words.buf);
	strbuf_done(&words);
}

static bool fetch_body(void *arg, const char *bytes, size_t len)
{
	struct download *download = arg;

	if (download->http != 200) {
		if (download->text.len < REFUSAL_CEILING)
			strbuf_add(&download->text, bytes, len);
		return download->text.len < REFUSAL_CEILING;
	}
	download->received += len;
	say_received(download);
	if (download->inflate)
		return !inflate_feed(download->inflate, bytes, len, &download->text,
				     &download->err);
	if (download->text.len + len > TEXT_CEILING) {
		error_set(&download->err, STATUS_TOO_LARGE, "more than %zu MiB",
			  TEXT_CEILING >> 20);
		return false;
	}
	strbuf_add(&download->text, bytes, len);
	return true;
}

static void trust_known(void *arg, struct tls_identity *tls)
{
	struct download *download = arg;
	struct artefact artefact = artefact_of(download);

	download->trust = NULL;
	if (!tls) {
		download_words_route(&download->err, &artefact, download->host.buf, false);
		fail(download, &download->err);
		return;
	}
	download->tls = *tls;
	*tls = (struct tls_identity){ 0 };
	start_fetch(download);
}

/* Only a location says which authority signed its store: the system's was tried first, as most
 * stores need no other. */
static bool ask_for_trust(struct download *download, const struct error *err)
{
	struct store_trust_spec spec = { .client = download->client,
					 .namespace = download->namespace,
					 .name = download->name,
					 .is_restore = text_starts(download->kind, "Restore"),
					 .done = trust_known,
					 .arg = download };

	if (err->code != STATUS_TLS || download->tls_asked)
		return false;
	download->tls_asked = true;
	download->err = *err;
	say(download, "asking for the authority of the store");
	download->trust = store_trust_start(&spec);
	return true;
}

static void fetch_done(void *arg, const struct http_reply *reply, const struct error *err)
{
	struct download *download = arg;
	struct artefact artefact = artefact_of(download);
	struct error why = ERROR_INIT;

	(void)reply;
	download->fetch = 0;
	if (err && !download->http && ask_for_trust(download, err))
		return;
	if (download->http && download->http != 200) {
		download_words_store(&why, &artefact, download->host.buf, download->http,
				     download->text.buf);
		fail(download, &why);
		return;
	}
	why = download->err.code ? download->err : err ? *err : why;
	if (!why.code && download->inflate)
		inflate_end(download->inflate, &why);
	if (why.code) {
		download_words_route(&why, &artefact, download->host.buf, download->http != 0);
		fail(download, &why);
		return;
	}
	succeed(download);
}

/* Everything is a gzip file but the contents, which are handed on as the tar.gz they are. */
static void start_fetch(struct download *download)
{
	struct http_request request = { .method = "GET",
					.url = download->url,
					.tls = download->tls_asked ? &download->tls : NULL,
					.stall_ms = STALL_MS };
	struct transport_events events = { fetch_head, fetch_body, fetch_done, download };

	inflate_free(download->inflate);
	download->inflate =
		strcmp(download->kind, "BackupContents") != 0 ? inflate_new(TEXT_CEILING) : NULL;
	strbuf_reset(&download->text);
	download->received = 0;
	download->http = 0;
	download->err = (struct error)ERROR_INIT;
	download->fetch = transport_start(download->transport, &request, &events);
}

/* ---- the address ---- */

static void look(void *arg);

/* A Velero that is well answers within 70 ms; who waits for a minute is asked less often. */
static void look_later(struct download *download)
{
	static const int gaps_ms[] = { 50, 100, 150, 250 };
	unsigned last = ARRAY_SIZE(gaps_ms) - 1,
		 at = download->looks > last ? last : download->looks - (download->looks > 0);

	download->timer = transport_after(download->transport, gaps_ms[at], look, download);
}

static void owner_looked(void *arg, const struct json *reply, const struct error *err)
{
	struct download *download = arg;
	struct artefact artefact = artefact_of(download);
	struct error why = ERROR_INIT;

	(void)reply;
	download->call = 0;
	if (!err || err->code != STATUS_NOT_FOUND) {
		look_later(download);
		return;
	}
	download_words_gone(&why, &artefact);
	fail(download, &why);
}

static void look_at_owner(struct download *download)
{
	bool is_restore = text_starts(download->kind, "Restore");
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = "look whether it is still there" };

	client_add_path(&path, is_restore ? &restore_kind : &backup_kind, download->namespace,
			download->name);
	call.path = path.buf;
	download->call = client_call(download->client, &call, owner_looked, download);
	strbuf_done(&path);
}

static void look_again(struct download *download, bool seen)
{
	struct artefact artefact = artefact_of(download);
	struct error why = ERROR_INIT;

	if (clock_monotonic_ms() - download->asked_ms < ADDRESS_WAIT_MS) {
		if (++download->looks % OWNER_EVERY == OWNER_FIRST)
			look_at_owner(download);
		else
			look_later(download);
		return;
	}
	download_words_no_address(&why, &artefact, seen,
				  download->last.code ? &download->last : NULL);
	fail(download, &why);
}

static void refused(struct download *download, const struct error *err)
{
	struct artefact artefact = artefact_of(download);
	struct error why = *err;

	download_words_request(&why, &artefact);
	fail(download, &why);
}

/* A cluster that does not answer for a moment is asked again; a no is a no. */
static bool is_final(enum status code)
{
	return code == STATUS_NOT_FOUND || code == STATUS_FORBIDDEN || code == STATUS_UNAUTHORIZED;
}

static void looked(void *arg, const struct json *reply, const struct error *err)
{
	struct download *download = arg;
	const char *url = json_text(reply, "status.downloadURL");
	struct strbuf words = STRBUF_INIT;

	download->call = 0;
	if (err && is_final(err->code)) {
		refused(download, err);
		return;
	}
	download->last = err ? *err : (struct error)ERROR_INIT;
	if (!*url) {
		look_again(download, *json_text(reply, "status.expiration") != '\0');
		return;
	}
	download->url = mem_text(url);
	download_add_host(&download->host, url);
	strbuf_addf(&words, "reading from %s", download->host.buf);
	say(download, words.buf);
	strbuf_done(&words);
	start_fetch(download);
}

static void look(void *arg)
{
	struct download *download = arg;
	struct client_call call = { .path = download->path, .what = "read the download request" };

	download->timer = 0;
	download->call = client_call(download->client, &call, looked, download);
}

/* ---- the request ---- */

static void asked(void *arg, const struct json *reply, const struct error *err)
{
	struct download *download = arg;

	(void)reply;
	download->call = 0;
	/* The answer to a request that arrived may have been lost: 409 is our own. */
	if (err && err->code != STATUS_EXISTS) {
		download->asked = err->code == STATUS_TIMEOUT || err->code == STATUS_UNREACHABLE;
		refused(download, err);
		return;
	}
	look(download);
}

static void ask(struct download *download)
{
	struct json *body = json_new_map();
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .method = "POST", .body = body, .what = "ask Velero for it" };

	json_put_text(body, "apiVersion", "velero.io/v1");
	json_put_text(body, "kind", "DownloadRequest");
	json_put_path(body, "metadata.name", json_new_text(download->request));
	json_put_path(body, "metadata.namespace", json_new_text(download->namespace));
	json_put_path(body, "spec.target.kind", json_new_text(download->kind));
	json_put_path(body, "spec.target.name", json_new_text(download->name));
	client_add_path(&path, &request_kind, download->namespace, NULL);
	call.path = path.buf;
	download->asked = true;
	download->asked_ms = clock_monotonic_ms();
	download->call = client_call(download->client, &call, asked, download);
	strbuf_done(&path);
	json_free(body);
}

/* "NAME-UUID4" as the velero command does; the part of the name may not end in a dot or dash. */
static char *new_request_name(const char *name)
{
	unsigned char b[16];
	struct strbuf out = STRBUF_INIT;
	size_t len = strlen(name);

	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		die("this system has no random numbers");
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	if (len > NAME_CEILING)
		len = NAME_CEILING;
	while (len && (name[len - 1] == '.' || name[len - 1] == '-'))
		len--;
	strbuf_add(&out, name, len);
	for (size_t i = 0; i < sizeof(b); i++)
		strbuf_addf(&out, "%s%02x",
			    i == 0 || i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
	return strbuf_detach(&out);
}

struct download *download_start(const struct download_spec *spec)
{
	struct download *download = mem_alloc(sizeof(*download));
	struct strbuf path = STRBUF_INIT;

	download->transport = spec->transport;
	download->client = spec->client;
	download->step = spec->step;
	download->done = spec->done;
	download->arg = spec->arg;
	download->namespace = mem_text(spec->namespace);
	download->kind = mem_text(spec->kind);
	download->name = mem_text(spec->name);
	download->request = new_request_name(spec->name);
	strbuf_init(&download->host);
	strbuf_init(&download->text);
	client_add_path(&path, &request_kind, download->namespace, download->request);
	download->path = strbuf_detach(&path);
	say(download, "asking Velero");
	ask(download);
	return download;
}

void download_cancel(struct download *download)
{
	if (!download)
		return;
	client_cancel(download->client, download->call);
	transport_cancel_timer(download->transport, download->timer);
	transport_cancel(download->transport, download->fetch);
	store_trust_cancel(download->trust);
	download_free(download);
}
