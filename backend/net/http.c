#include "backend/net/http.h"

#include "backend/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void wipe(char **text)
{
	if (*text)
		mem_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void tls_identity_done(struct tls_identity *tls)
{
	wipe(&tls->ca_pem);
	wipe(&tls->cert_pem);
	wipe(&tls->key_pem);
	wipe(&tls->server_name);
	wipe(&tls->proxy_url);
}
