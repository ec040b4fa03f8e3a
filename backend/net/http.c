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

void http_add_origin(struct strbuf *out, const char *url)
{
	const char *host = strstr(url, "://"), *at;
	size_t len;

	host = host ? host + 3 : url;
	len = strcspn(host, "/?#");
	at = memchr(host, '@', len);
	strbuf_add(out, url, (size_t)(host - url));
	if (at)
		strbuf_add(out, at + 1, len - (size_t)(at + 1 - host));
	else
		strbuf_add(out, host, len);
}
