/* Trust, against the openssl program as a server with throw-away certificates. Skipped where there
 * is no openssl. */
#include "backend/base/clock.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/proc.h"
#include "tests/unit/backend/kube/world.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[64];

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *ftw)
{
	(void)info;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void remove_folder(void)
{
	if (*folder)
		nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
TestSuite(tls, .fini = remove_folder);

static bool openssl(const char *const *argv)
{
	struct proc_spec spec = { .argv = argv, .folder = folder };
	struct error err = ERROR_INIT;
	int exit_code = -1;

	return !proc_run(&spec, 20000, NULL, NULL, &exit_code, &err) && exit_code == 0;
}

#define NEW_KEY "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"

/* ca.pem and other.pem sign themselves; kube.pem is for kube.example, old.pem has expired, both
 * signed by ca.pem. */
static bool make_certificates(void)
{
	static const char *const commands[][20] = {
		{ "openssl", "req", "-x509", NEW_KEY, "-keyout", "ca.key", "-out", "ca.pem",
		  "-subj", "/CN=test-ca", "-days", "2", NULL },
		{ "openssl", "req", "-x509", NEW_KEY, "-keyout", "other.key", "-out", "other.pem",
		  "-subj", "/CN=other-ca", "-days", "2", NULL },
		{ "openssl", "req", NEW_KEY, "-keyout", "kube.key", "-out", "kube.csr", "-subj",
		  "/CN=kube", NULL },
		{ "openssl", "x509", "-req", "-in", "kube.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
		  "-CAcreateserial", "-extfile", "san", "-days", "2", "-out", "kube.pem", NULL },
		{ "openssl", "x509", "-req", "-in", "kube.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
		  "-CAcreateserial", "-extfile", "san", "-days", "-1", "-out", "old.pem", NULL },
	};
	static const char san[] = "subjectAltName=DNS:kube.example\n";
	struct strbuf path = STRBUF_INIT;
	struct error err = ERROR_INIT;
	bool made = true;

	strcpy(folder, "/tmp/kotsnap-tls-XXXXXX");
	cr_assert(mkdtemp(folder) != NULL);
	strbuf_addf(&path, "%s/san", folder);
	cr_assert(zero(int, (int)file_replace(path.buf, san, strlen(san), 0600, &err)));
	for (size_t i = 0; made && i < ARRAY_SIZE(commands); i++)
		made = openssl(commands[i]);
	strbuf_done(&path);
	return made;
}

static char *read_pem(const char *name)
{
	struct strbuf path = STRBUF_INIT, text = STRBUF_INIT;
	struct error err = ERROR_INIT;

	strbuf_addf(&path, "%s/%s", folder, name);
	cr_assert(zero(int, (int)file_read(path.buf, 1 << 20, &text, &err)), "%s", err.text);
	strbuf_done(&path);
	return strbuf_detach(&text);
}

/* A server that answers with a page of HTML: who reads that has trusted it. */
static struct proc *serve(const char *certificate, char url[64])
{
	const char *argv[] = { "openssl",   "s_server", "-accept",  "127.0.0.1:0", "-cert",
			       certificate, "-key",	"kube.key", "-www",	   NULL };
	struct proc_spec spec = { .argv = argv, .folder = folder };
	int64_t until = clock_monotonic_ms() + 10000;
	struct error err = ERROR_INIT;
	struct proc *proc = NULL;
	const char *at = NULL;

	cr_assert(zero(int, (int)proc_start(&spec, &proc, &err)), "%s", err.text);
	while (!at && clock_monotonic_ms() < until) {
		struct pollfd fd = { proc_fd_out(proc), POLLIN, 0 };

		poll(&fd, 1, 100);
		proc_pump(proc);
		at = strstr(proc_output(proc)->buf, "ACCEPT 127.0.0.1:");
		at = at && strchr(at, '\n') ? at : NULL;
	}
	cr_assert(at != NULL, "%s", proc_complaint(proc)->buf);
	snprintf(url, 64, "https://%.*s", (int)strcspn(at + 7, "\r\n"), at + 7);
	return proc;
}

/* certificate of the server; authority of the kubeconfig, tls-server-name, insecure; code, words */
static const struct {
	const char *certificate, *ca, *name;
	bool insecure;
	enum status code;
	const char *words;
} cases[] = {
	{ "kube.pem", "ca.pem", "kube.example", false, STATUS_PROTOCOL, "a web page came" },
	{ "kube.pem", NULL, NULL, true, STATUS_PROTOCOL, "a web page came" },
	{ "kube.pem", "ca.pem", NULL, false, STATUS_TLS, "its certificate is for another name" },
	{ "kube.pem", "other.pem", "kube.example", false, STATUS_TLS,
	  "signed by an authority that the kubeconfig does not name" },
	{ "kube.pem", NULL, "kube.example", false, STATUS_TLS,
	  "signed by an authority that the kubeconfig does not name" },
	{ "old.pem", "ca.pem", "kube.example", false, STATUS_TLS, "its certificate has expired" },
	{ "old.pem", "old.pem", "kube.example", false, STATUS_TLS, "expired" },
};

Test(tls, only_what_the_kubeconfig_names_is_trusted)
{
	if (!make_certificates()) { /* not cr_skip_test(): Criterion leaks for it, and a leak is a
				       failure */
		cr_log_warn("no openssl program that makes certificates");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kube_access access = { .insecure = cases[i].insecure };
		struct answer answer = { 0 };
		struct world world;
		char url[64];
		struct proc *server = serve(cases[i].certificate, url);

		access.server = mem_text(url);
		access.ca_pem = cases[i].ca ? read_pem(cases[i].ca) : NULL;
		access.server_name = cases[i].name ? mem_text(cases[i].name) : NULL;
		world_open(&world, NULL, 0, &access);
		world_get(&world, "/x", &answer);
		cr_expect(eq(int, (int)answer.err.code, (int)cases[i].code), "%zu: %s", i,
			  answer.err.text);
		cr_expect(holds(answer.err.text, cases[i].words), "%zu: %s", i, answer.err.text);
		cr_expect(ne(int, answer.err.hint[0], 0));
		answer_done(&answer);
		world_close(&world);
		proc_kill(server);
		proc_free(server);
	}
}

Test(tls, a_server_without_tls_is_named)
{
	const struct httpd_reply replies[] = { { .body = "{}", .repeat = true } };
	struct httpd *plain = httpd_start(replies, 1);
	struct kube_access access = { .insecure = true };
	struct strbuf url = STRBUF_INIT;
	struct answer answer = { 0 };
	struct world world;

	strbuf_addf(&url, "https%s", httpd_url(plain) + strlen("http"));
	access.server = strbuf_detach(&url);
	world_open(&world, NULL, 0, &access);
	world_get(&world, "/x", &answer);
	cr_expect(eq(int, (int)answer.err.code, STATUS_TLS), "%s", answer.err.text);
	answer_done(&answer);
	world_close(&world);
	httpd_stop(plain);
}
