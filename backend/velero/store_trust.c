#include "backend/velero/store_trust.h"

#include "backend/velero/backup.h"
#include "backend/velero/location.h"
#include "backend/velero/restore.h"

#include <stdlib.h>
#include <string.h>

enum hop { HOP_RESTORE, HOP_BACKUP, HOP_LOCATION, HOP_SECRET };

struct store_trust {
	struct client *client;
	store_trust_done *done;
	void *arg;
	char *namespace, *secret_key;
	enum hop hop;
	uint64_t call;
	struct tls_identity tls;
};

static const struct kube_kind secret_kind = { "", "v1", "secrets" };

static void trust_free(struct store_trust *trust)
{
	tls_identity_done(&trust->tls);
	free(trust->namespace);
	free(trust->secret_key);
	free(trust);
}

static void finish(struct store_trust *trust)
{
	bool says = trust->tls.ca_pem || trust->tls.insecure;

	trust->done(trust->arg, says ? &trust->tls : NULL);
	trust_free(trust);
}

static void take_ca(struct store_trust *trust, const char *base64)
{
	struct strbuf pem = STRBUF_INIT;

	if (*base64 && !strbuf_add_unbase64(&pem, base64, strlen(base64), NULL) && pem.len)
		trust->tls.ca_pem = strbuf_detach(&pem);
	strbuf_done(&pem);
}

static void answered(void *arg, const struct json *reply, const struct error *err);

static void go(struct store_trust *trust, enum hop hop, const char *name)
{
	static const struct {
		const struct kube_kind *kind;
		const char *what;
	} hops[] = {
		[HOP_RESTORE] = { &restore_kind, "find the backup of the restore" },
		[HOP_BACKUP] = { &backup_kind, "find the location of the backup" },
		[HOP_LOCATION] = { &location_kind, "find the authority of the store" },
		[HOP_SECRET] = { &secret_kind, "read the authority of the store" },
	};
	struct strbuf path = STRBUF_INIT;
	struct client_call call = { .what = hops[hop].what };

	client_add_path(&path, hops[hop].kind, trust->namespace, name);
	call.path = path.buf;
	trust->hop = hop;
	trust->call = client_call(trust->client, &call, answered, trust);
	strbuf_done(&path);
}

/* Since 1.18 a Secret goes before what is written inline. */
static void take_location(struct store_trust *trust, const struct json *location)
{
	const struct json *ref = json_get(location, "spec.objectStorage.caCertRef");

	trust->tls.insecure =
		!strcmp(json_text(location, "spec.config.insecureSkipTLSVerify"), "true");
	take_ca(trust, json_text(location, "spec.objectStorage.caCert"));
	if (!*json_key_text(ref, "name")) {
		finish(trust);
		return;
	}
	trust->secret_key = mem_text(json_key_text(ref, "key"));
	go(trust, HOP_SECRET, json_key_text(ref, "name"));
}

static void take_secret(struct store_trust *trust, const struct json *secret)
{
	const char *base64 = json_key_text(json_key(secret, "data"), trust->secret_key);

	if (*base64) {
		free(trust->tls.ca_pem);
		trust->tls.ca_pem = NULL;
		take_ca(trust, base64);
	}
	finish(trust);
}

static void answered(void *arg, const struct json *reply, const struct error *err)
{
	struct store_trust *trust = arg;
	const char *next = "";

	trust->call = 0;
	if (err) {
		finish(trust);
		return;
	}
	if (trust->hop == HOP_LOCATION) {
		take_location(trust, reply);
	} else if (trust->hop == HOP_SECRET) {
		take_secret(trust, reply);
	} else {
		next = json_text(reply, trust->hop == HOP_RESTORE ? "spec.backupName"
								  : "spec.storageLocation");
		if (*next)
			go(trust, trust->hop + 1, next);
		else
			finish(trust);
	}
}

struct store_trust *store_trust_start(const struct store_trust_spec *spec)
{
	struct store_trust *trust = mem_alloc(sizeof(*trust));

	trust->client = spec->client;
	trust->done = spec->done;
	trust->arg = spec->arg;
	trust->namespace = mem_text(spec->namespace);
	go(trust, spec->is_restore ? HOP_RESTORE : HOP_BACKUP, spec->name);
	return trust;
}

void store_trust_cancel(struct store_trust *trust)
{
	if (!trust)
		return;
	client_cancel(trust->client, trust->call);
	trust_free(trust);
}
