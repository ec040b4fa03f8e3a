#include "backend/velero/download_words.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct artefact results = { "BackupResults", "instance-x7k2p", "velero" };

Test(download_words, no_address_says_whether_velero_looked)
{
	struct error err = ERROR_INIT, last = ERROR_INIT;

	download_words_no_address(&err, &results, false, NULL);
	cr_expect_eq(err.code, STATUS_TIMEOUT);
	cr_expect_str_eq(err.text, "could not read the errors and warnings of snapshot "
				   "instance-x7k2p: Velero did not answer the request");
	cr_expect_not_null(strstr(err.hint, "Deployment velero in velero"));
	download_words_no_address(&err, &results, true, NULL);
	cr_expect_not_null(strstr(err.text, "gave no address"));
	cr_expect_not_null(strstr(err.hint, "location"));
	error_set(&last, STATUS_UNREACHABLE, "https://10.0.4.11:6443: no connection");
	download_words_no_address(&err, &results, true, &last);
	cr_expect_eq(err.code, STATUS_UNREACHABLE);
	cr_expect_not_null(strstr(err.text, "10.0.4.11"));
}

Test(download_words, a_name_known_in_the_cluster_only_has_a_way_out)
{
	struct error err = ERROR_INIT;

	error_set(&err, STATUS_UNREACHABLE,
		  "http://minio.velero.svc:9000: its name has no address here");
	download_words_route(&err, &results, "minio.velero.svc:9000", false);
	cr_expect_str_eq(err.text, "could not read the errors and warnings of snapshot "
				   "instance-x7k2p: http://minio.velero.svc:9000: its name has no "
				   "address here");
	cr_expect_not_null(strstr(err.hint, "publicUrl"));
}

static const struct {
	const char *url, *host;
} hosts[] = {
	{ "http://minio.velero.svc:9000/b/x.gz?sig=secret", "minio.velero.svc:9000" },
	{ "https://s3.example.com", "s3.example.com" },
	{ "https://key:secret@s3.example.com/x", "s3.example.com" },
	{ "http://[fd00::1]:9000/x@y", "[fd00::1]:9000" },
	{ "s3.example.com?x", "s3.example.com" },
	{ "", "" },
};

Test(download_words, hosts_are_shown_without_secrets)
{
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		struct strbuf host = STRBUF_INIT;

		download_add_host(&host, hosts[i].url);
		cr_expect_str_eq(host.buf, hosts[i].host);
		strbuf_done(&host);
	}
}

Test(download_words, unknown_kinds_are_said_as_they_are)
{
	struct strbuf words = STRBUF_INIT;

	artefact_add(&words, &(struct artefact){ "BackupPoem", "p1", "velero" });
	cr_expect_str_eq(words.buf, "BackupPoem p1");
	strbuf_reset(&words);
	download_add_received(&words, 2202009);
	download_add_received(&words, 319488);
	cr_expect_str_eq(words.buf, "2.1 MiB312 KiB");
	strbuf_done(&words);
}
