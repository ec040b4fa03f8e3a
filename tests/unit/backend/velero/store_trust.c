#include "backend/velero/store_trust.h"

#include "tests/unit/backend/velero/rig.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define BACKUP                                                                                     \
	{                                                                                          \
		.path = "/backups/b1", .body = "{\"spec\":{\"storageLocation\":\"default\"}}"      \
	}
#define LOCATION(storage, config)                                                                  \
	{                                                                                          \
		.path = "/backupstoragelocations/default",                                         \
		.body = "{\"spec\":{\"objectStorage\":{" storage "},\"config\":{" config "}}}"     \
	}

static const struct {
	struct httpd_reply replies[3];
	const char *ca; /* NULL = none */
	bool insecure;
} rows[] = {
	{ { BACKUP, LOCATION("\"caCert\":\"UEVN\"", "") }, "PEM", false },
	{ { BACKUP, LOCATION("", "") }, NULL, false },
	{ { BACKUP, LOCATION("\"caCert\":\"***\"", "") }, NULL, false },
	{ { BACKUP, LOCATION("", "\"insecureSkipTLSVerify\":\"true\"") }, NULL, true },
	{ { BACKUP, LOCATION("", "\"insecureSkipTLSVerify\":\"false\"") }, NULL, false },
	{ { BACKUP,
	    LOCATION("\"caCertRef\":{\"name\":\"ca\",\"key\":\"ca.crt\"}", ""),
	    { .path = "/secrets/ca", .body = "{\"data\":{\"ca.crt\":\"UEVN\"}}" } },
	  "PEM",
	  false },
	{ { BACKUP,
	    LOCATION("\"caCertRef\":{\"name\":\"ca\",\"key\":\"other\"},\"caCert\":\"UEVN\"", ""),
	    { .path = "/secrets/ca", .body = "{\"data\":{\"ca.crt\":\"QQ==\"}}" } },
	  "PEM",
	  false },
	{ { { .path = "/backups/b1", .status = 404, .body = "{\"code\":404}" } }, NULL, false },
	{ { { .path = "/backups/b1", .body = "{\"spec\":{}}" } }, NULL, false },
};

struct answer {
	bool done;
	struct tls_identity tls;
};

static void known(void *arg, struct tls_identity *tls)
{
	struct answer *answer = arg;

	answer->done = true;
	if (!tls)
		return;
	answer->tls = *tls;
	*tls = (struct tls_identity){ 0 };
}

Test(store_trust, the_location_says_how_its_store_is_trusted)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct answer answer = { 0 };
		struct rig rig;
		struct store_trust_spec spec = {
			.namespace = "velero", .name = "b1", .done = known, .arg = &answer
		};

		rig_open(&rig, NULL, 0);
		rig_serve_only(&rig, rows[i].replies,
			       rows[i].replies[2].path	 ? 3
			       : rows[i].replies[1].path ? 2
							 : 1);
		spec.client = rig.client;
		store_trust_start(&spec);
		for (int turns = 0; !answer.done && turns < 100; turns++)
			transport_wait(rig.transport, NULL, 0, 50);
		cr_assert(answer.done, "row %zu", i);
		cr_expect_eq(answer.tls.ca_pem == NULL, rows[i].ca == NULL, "row %zu", i);
		if (answer.tls.ca_pem && rows[i].ca)
			cr_expect_str_eq(answer.tls.ca_pem, rows[i].ca, "row %zu", i);
		cr_expect_eq(answer.tls.insecure, rows[i].insecure, "row %zu", i);
		tls_identity_done(&answer.tls);
		rig_close(&rig);
	}
}

Test(store_trust, a_cancelled_question_has_no_answer)
{
	struct answer answer = { 0 };
	struct rig rig;
	struct store_trust_spec spec = {
		.namespace = "velero", .name = "b1", .done = known, .arg = &answer
	};

	rig_open(&rig, NULL, 0);
	rig_serve_only(&rig, rows[0].replies, 2);
	spec.client = rig.client;
	store_trust_cancel(store_trust_start(&spec));
	transport_wait(rig.transport, NULL, 0, 50);
	cr_expect_not(answer.done);
	store_trust_cancel(NULL);
	rig_close(&rig);
}
