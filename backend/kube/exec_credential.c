#include "backend/base/clock.h"
#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/kube/auth.h"

#include <stdlib.h>
#include <string.h>

static void wipe(char **text)
{
	if (*text)
		mem_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void exec_credential_done(struct exec_credential *credential)
{
	wipe(&credential->token);
	wipe(&credential->cert_pem);
	wipe(&credential->key_pem);
	credential->expires = 0;
}

static char *text_or_null(const struct json *map, const char *key)
{
	const char *text = json_key_text(map, key);

	return *text ? mem_text(text) : NULL;
}

enum status exec_credential_parse(const char *text, size_t len,
				  struct exec_credential *ret_credential, struct error *err)
{
	struct json *root = json_parse(text, len, err);
	const struct json *status = json_key(root, "status");
	struct exec_credential found = { 0 };
	enum status st = STATUS_OK;

	if (!root)
		return error_wrap(err, "its output");
	if (strcmp(json_key_text(root, "kind"), "ExecCredential") != 0) {
		st = error_set(err, STATUS_FORMAT, "its output is no ExecCredential");
		goto out;
	}
	found.token = text_or_null(status, "token");
	found.cert_pem = text_or_null(status, "clientCertificateData");
	found.key_pem = text_or_null(status, "clientKeyData");
	found.expires = clock_parse_rfc3339(json_key_text(status, "expirationTimestamp"));
	if (!found.cert_pem != !found.key_pem)
		st = error_set(err, STATUS_FORMAT, "it gave a certificate without its key");
	else if (!found.token && !found.cert_pem)
		st = error_set(err, STATUS_FORMAT, "it gave neither a token nor a certificate");
	if (st)
		exec_credential_done(&found);
	else
		*ret_credential = found;
out:
	json_free(root);
	return st;
}
