#include "backend/net/curl_words.h"

#include "backend/base/status.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <curl/curl.h>
#include <string.h>

static const struct {
	int result;
	const char *detail;
	enum status code;
	const char *text; /* part of what a person reads */
} cases[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, "Could not resolve host: api.example", STATUS_UNREACHABLE,
	  "its name has no address here" },
	{ CURLE_COULDNT_CONNECT, "Failed to connect: Connection refused", STATUS_UNREACHABLE,
	  "the connection was refused" },
	{ CURLE_COULDNT_CONNECT, "connect failed: No route to host", STATUS_UNREACHABLE,
	  "there is no route to it" },
	{ CURLE_OPERATION_TIMEDOUT, "", STATUS_TIMEOUT, "did not answer in time" },
	{ CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: certificate has expired",
	  STATUS_TLS, "its certificate has expired" },
	{ CURLE_PEER_FAILED_VERIFICATION,
	  "SSL certificate problem: unable to get local issuer certificate", STATUS_TLS,
	  "an authority that the kubeconfig does not name" },
	{ CURLE_PEER_FAILED_VERIFICATION,
	  "SSL: no alternative certificate subject name matches target host name '10.0.0.1'",
	  STATUS_TLS, "for another name" },
	{ CURLE_SSL_CONNECT_ERROR, "error:0A00010B:SSL routines::wrong version number", STATUS_TLS,
	  "does not speak TLS" },
	{ CURLE_PARTIAL_FILE, "transfer closed with 12 bytes remaining", STATUS_UNREACHABLE,
	  "cut short" },
	{ CURLE_SSL_CERTPROBLEM, "", STATUS_TLS, "our certificate cannot be used" },
	{ CURLE_FTP_WEIRD_PASS_REPLY, "something nobody thought of", STATUS_UNREACHABLE,
	  "the request failed" },
};

Test(curl_words, each_cause_has_words_and_a_code)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct error err = ERROR_INIT;
		enum status st = curl_words(&err, cases[i].result, cases[i].detail,
					    "https://10.0.4.11:6443/api?x=secret");

		cr_expect(eq(int, (int)st, (int)cases[i].code), "%s", cases[i].detail);
		cr_expect(strstr(err.text, cases[i].text) != NULL, "%s: %s", cases[i].detail,
			  err.text);
		cr_expect(strstr(err.text, "https://10.0.4.11:6443") == err.text, "%s", err.text);
	}
}

Test(curl_words, an_address_never_shows_passwords_or_queries)
{
	struct error err = ERROR_INIT;

	curl_words(&err, CURLE_COULDNT_CONNECT, "",
		   "https://user:pass@store.example/backup?X-Amz-Signature=abc");
	cr_expect(strstr(err.text, "pass") == NULL, "%s", err.text);
	cr_expect(strstr(err.text, "Signature") == NULL, "%s", err.text);
	cr_expect(strstr(err.text, "https://store.example: ") == err.text, "%s", err.text);
}
