#include "backend/kube/x509.h"

#include "tests/unit/backend/kube/certificates.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

Test(x509, the_end_of_a_certificate_is_read)
{
	cr_expect(eq(i64, x509_not_after(CERT_2036), 2110912946));
	cr_expect(eq(i64, x509_not_after(CERT_2081), 3523552946));
	cr_expect(eq(i64, x509_not_after(CERT_EXPIRED), 1709294400));
	cr_expect(eq(i64, x509_not_after("text before\n" CERT_EXPIRED CERT_2036), 1709294400),
		  "the first one counts: it is ours, the rest are its issuers");
}

Test(x509, what_is_no_certificate_has_no_end)
{
	static const char *const texts[] = {
		"",
		"-----BEGIN CERTIFICATE-----",
		"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
		"-----BEGIN EC PRIVATE KEY-----\nMIIB\n-----END EC PRIVATE KEY-----\n",
	};

	cr_expect(zero(i64, x509_not_after(NULL)));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect(zero(i64, x509_not_after(texts[i])), "%s", texts[i]);
}

/* Cut anywhere and with any byte changed, it is read within its bounds (the sanitizers watch). */
Test(x509, damaged_certificates_are_read_within_their_bounds)
{
	static const char head[] = "-----BEGIN CERTIFICATE-----\n";
	char *text = strdup(CERT_2036);
	size_t len = strlen(text), at;

	for (at = sizeof(head); at + 30 < len; at++) {
		char kept = text[at];

		text[at] = kept == '/' ? 'A' : '/';
		x509_not_after(text);
		text[at] = kept;
	}
	for (at = sizeof(head); at + 26 < len; at++) {
		memcpy(text, CERT_2036, len + 1);
		strcpy(text + at, "-----END CERTIFICATE-----");
		x509_not_after(text);
	}
	free(text);
	cr_expect(true);
}
