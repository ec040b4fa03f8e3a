/* What is asked and what is answered over HTTP, as values. No curl here. */
#ifndef BACKEND_NET_HTTP_H
#define BACKEND_NET_HTTP_H

#include "backend/base/status.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a server is trusted and how we show who we are. All texts owned by the struct (tls_done()
 * wipes keys); NULL = not set. Certificates and keys are PEM in memory, never files. */
struct tls_identity {
	char *ca_pem; /* NULL = the system's */
	char *cert_pem;
	char *key_pem;
	char *server_name; /* tls-server-name of the kubeconfig */
	char *proxy_url; /* proxy-url of the kubeconfig; "" = none, whatever the environment says */
	bool insecure;	 /* insecure-skip-tls-verify: a standing warning on the screen */
};

void tls_identity_done(struct tls_identity *tls);

/* "https://10.0.4.11:6443" of a URL: no user, path or query, since those may hold secrets. Appends.
 */
void http_add_origin(struct strbuf *out, const char *url);

struct http_request {
	const char *method; /* "GET" ... */
	const char *url;    /* absolute */
	const char *shown;  /* what the trace calls it; NULL = the origin of the URL alone */
	const struct tls_identity *tls; /* borrowed until done; NULL = system defaults */
	const char *const *headers;	/* "Name: value", NULL-terminated, or NULL; copied */
	const void *body;		/* copied */
	size_t body_len;
	bool gzip;	/* ask for gzip and unpack it */
	bool stays;	/* a redirect is the answer: it is not followed */
	int connect_ms; /* 0 = 5000 */
	int total_ms;	/* 0 = no limit (streams) */
	int stall_ms;	/* no byte for so long is STATUS_TIMEOUT; 0 = never */
};

struct http_reply {
	int status;	   /* 200 ... */
	int retry_after_s; /* -1 when not said */
	int64_t date;	   /* the server's Date header, unix seconds, 0 when not said: clock skew */
	int64_t first_byte_ms; /* clock_monotonic_ms() of the first body byte, 0 before */
	char content_type[80];
	bool k8s_warning; /* a Warning header came */
};

#endif
