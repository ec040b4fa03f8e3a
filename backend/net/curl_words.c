#include "backend/net/curl_words.h"

#include "backend/base/strbuf.h"
#include "backend/net/http.h"

#include <curl/curl.h>
#include <string.h>

/* result, code, what happened, what to do */
static const struct {
	int result;
	enum status code;
	const char *what, *hint;
} rows[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, STATUS_UNREACHABLE, "its name has no address here",
	  "check the name, or the DNS of this machine; on a node of the cluster its addresses may "
	  "work" },
	{ CURLE_COULDNT_RESOLVE_PROXY, STATUS_UNREACHABLE,
	  "the name of the proxy has no address here",
	  "check proxy-url in the kubeconfig, or HTTPS_PROXY" },
	{ CURLE_COULDNT_CONNECT, STATUS_UNREACHABLE, "no connection",
	  "check that the server runs and that nothing blocks the way" },
	{ CURLE_OPERATION_TIMEDOUT, STATUS_TIMEOUT, "did not answer in time",
	  "it is tried again by itself" },
	{ CURLE_SSL_CONNECT_ERROR, STATUS_TLS, "no TLS connection",
	  "is this the right port, and does it speak https?" },
	{ CURLE_PEER_FAILED_VERIFICATION, STATUS_TLS, "its certificate is not trusted",
	  "check certificate-authority in the kubeconfig, the name in the address, and the clock" },
	{ CURLE_SSL_CERTPROBLEM, STATUS_TLS, "our certificate cannot be used",
	  "check client-certificate and client-key in the kubeconfig" },
	{ CURLE_SSL_CACERT_BADFILE, STATUS_TLS, "the certificate authority cannot be read",
	  "check certificate-authority-data in the kubeconfig" },
	{ CURLE_GOT_NOTHING, STATUS_UNREACHABLE, "closed the connection without an answer",
	  "it is tried again by itself" },
	{ CURLE_SEND_ERROR, STATUS_UNREACHABLE, "the connection broke",
	  "it is tried again by itself" },
	{ CURLE_RECV_ERROR, STATUS_UNREACHABLE, "the connection broke",
	  "it is tried again by itself" },
	{ CURLE_PARTIAL_FILE, STATUS_UNREACHABLE, "the answer was cut short",
	  "it is tried again by itself" },
	{ CURLE_BAD_CONTENT_ENCODING, STATUS_PROTOCOL, "sent damaged gzip data",
	  "is a proxy between?" },
	{ CURLE_UNSUPPORTED_PROTOCOL, STATUS_USAGE, "only http and https are understood",
	  "check the address" },
	{ CURLE_URL_MALFORMAT, STATUS_USAGE, "the address cannot be understood",
	  "check server: in the kubeconfig" },
	{ CURLE_WEIRD_SERVER_REPLY, STATUS_PROTOCOL, "did not answer in HTTP",
	  "is this the right port?" },
};

/* More exact causes hide in curl's own words. */
static const struct {
	const char *word, *what, *hint;
} details[] = {
	{ "expired", "its certificate has expired",
	  "renew the certificate of the server; check the clock of this machine" },
	{ "does not match", "its certificate is for another name",
	  "use that name in the address, or tls-server-name in the kubeconfig" },
	{ "no alternative certificate subject", "its certificate is for another name",
	  "use that name in the address, or tls-server-name in the kubeconfig" },
	{ "unable to get local issuer",
	  "its certificate is signed by an authority that the kubeconfig does not name",
	  "check certificate-authority-data in the kubeconfig" },
	{ "self-signed",
	  "its certificate is signed by an authority that the kubeconfig does not name",
	  "check certificate-authority-data in the kubeconfig" },
	{ "refused", "the connection was refused",
	  "check that the server runs at this address and port" },
	{ "No route", "there is no route to it", "check the network of this machine" },
	{ "unreachable", "the network is unreachable", "check the network of this machine" },
	{ "wrong version number", "it does not speak TLS",
	  "is this the right port, or is it http?" },
};

enum status curl_words(struct error *err, int result, const char *detail, const char *url)
{
	const char *what = "the request failed", *hint = "";
	struct strbuf origin = STRBUF_INIT;
	enum status code = STATUS_UNREACHABLE;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].result == result) {
			code = rows[i].code;
			what = rows[i].what;
			hint = rows[i].hint;
		}
	}
	for (i = 0; i < ARRAY_SIZE(details); i++) {
		if (text_find_nocase(detail, details[i].word)) {
			what = details[i].what;
			hint = details[i].hint;
			break;
		}
	}
	http_add_origin(&origin, url);
	error_set(err, code, "%s: %s", origin.buf, what);
	error_hint(err, "%s", hint);
	strbuf_done(&origin);
	return code;
}
