#include "backend/kube/auth.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(exec_credential, token_certificate_and_expiry_are_read)
{
	static const char text[] =
		"{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
		"\"status\":{\"token\":\"t\",\"clientCertificateData\":\"c\",\"clientKeyData\":"
		"\"k\","
		"\"expirationTimestamp\":\"2026-11-21T02:14:31Z\"}}\n";
	struct exec_credential found = { 0 };
	struct error err = ERROR_INIT;

	cr_assert(zero(int, (int)exec_credential_parse(text, strlen(text), &found, &err)));
	cr_expect(zero(int, strcmp(found.token, "t")));
	cr_expect(zero(int, strcmp(found.cert_pem, "c")));
	cr_expect(zero(int, strcmp(found.key_pem, "k")));
	cr_expect(eq(i64, found.expires, 1795227271));
	exec_credential_done(&found);
	cr_expect(found.token == NULL);
}

static const struct {
	const char *text, *words;
} broken[] = {
	{ "", "not JSON" },
	{ "Please open a browser", "not JSON" },
	{ "{\"kind\":\"Pod\"}", "no ExecCredential" },
	{ "{\"kind\":\"ExecCredential\"}", "neither a token nor a certificate" },
	{ "{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"\"}}", "neither a token" },
	{ "{\"kind\":\"ExecCredential\",\"status\":{\"clientCertificateData\":\"c\"}}",
	  "without its key" },
};

Test(exec_credential, what_is_none_is_told)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct exec_credential found = { 0 };
		struct error err = ERROR_INIT;

		cr_expect(eq(int,
			     (int)exec_credential_parse(broken[i].text, strlen(broken[i].text),
							&found, &err),
			     STATUS_FORMAT),
			  "%s", broken[i].text);
		cr_expect(strstr(err.text, broken[i].words) != NULL, "%s", err.text);
		cr_expect(found.token == NULL && found.cert_pem == NULL);
	}
}
