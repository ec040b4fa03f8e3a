/* Where a kubeconfig is looked for, in a folder of its own. */
#include "backend/base/file.h"
#include "backend/base/strbuf.h"
#include "backend/kube/kubeconfig.h"
#include "tests/unit/backend/kube/certificates.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define same(a, b) zero(int, strcmp((a) ? (a) : "(null)", (b)))

static char folder[64];

static void make_folder(void)
{
	strcpy(folder, "/tmp/kotsnap-test-XXXXXX");
	cr_assert(mkdtemp(folder) != NULL);
}

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *ftw)
{
	(void)info;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void remove_folder(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
TestSuite(kubeconfig_load, .init = make_folder, .fini = remove_folder);

/* Path in the folder; the caller frees. */
static char *path_of(const char *name)
{
	struct strbuf path = STRBUF_INIT;

	strbuf_addf(&path, "%s/%s", folder, name);
	return strbuf_detach(&path);
}

static char *write_file(const char *name, const char *text)
{
	char *path = path_of(name), *slash = strrchr(path, '/');
	struct error err = ERROR_INIT;

	*slash = '\0';
	cr_assert(zero(int, (int)file_make_dirs(path, 0700, &err)), "%s", err.text);
	*slash = '/';
	cr_assert(zero(int, (int)file_replace(path, text, strlen(text), 0600, &err)));
	return path;
}

static char *config_for(const char *context)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text,
		    "current-context: %s\n"
		    "clusters: [{name: k, cluster: {server: 'https://%s'}}]\n"
		    "contexts: [{name: %s, context: {cluster: k, user: u}}]\n"
		    "users: [{name: u, user: {token: t}}]\n",
		    context, context, context);
	return strbuf_detach(&text);
}

static char *write_config(const char *name, const char *context)
{
	char *text = config_for(context), *path = write_file(name, text);

	free(text);
	return path;
}

static void expect_context(const struct kubeconfig_options *options, const char *context)
{
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	cr_assert(zero(int, (int)kubeconfig_load(options, &access, &err)), "%s", err.text);
	cr_expect(same(access.context, context));
	kube_access_done(&access);
}

Test(kubeconfig_load, places_are_looked_at_in_order)
{
	char *given = write_config("given", "given"), *env = write_config("env", "env");
	char *home = write_config("home/.kube/config", "home"), *home_folder = path_of("home");
	char *admin = write_config("admin.conf", "admin");
	struct kubeconfig_options options = {
		.file = given, .env_kubeconfig = env, .home = home_folder, .admin_conf = admin
	};

	expect_context(&options, "given");
	options.file = NULL;
	expect_context(&options, "env");
	options.env_kubeconfig = NULL;
	expect_context(&options, "home");
	unlink(home);
	expect_context(&options, "admin");
	free(write_file("home/.kube/config", "# touched, never filled\n"));
	expect_context(&options, "admin");
	free(given);
	free(env);
	free(home);
	free(home_folder);
	free(admin);
}

Test(kubeconfig_load, files_of_the_variable_that_are_not_there_are_skipped)
{
	char *one = write_config("one", "one"), *two = write_config("two", "two");
	struct kubeconfig_options options = { 0 };
	struct strbuf list = STRBUF_INIT;

	strbuf_addf(&list, "%s/none::%s:%s", folder, two, one);
	options.env_kubeconfig = list.buf;
	expect_context(&options, "two");
	options.context = "one";
	expect_context(&options, "one");
	strbuf_done(&list);
	free(one);
	free(two);
}

Test(kubeconfig_load, without_any_each_place_is_listed_with_its_reason)
{
	char *home = path_of("home"), *admin = path_of("admin.conf");
	struct kubeconfig_options options = { .home = home, .admin_conf = admin };
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	cr_expect(eq(int, (int)kubeconfig_load(&options, &access, &err), STATUS_NOT_FOUND));
	cr_expect(zero(int, strncmp(err.text, "no kubeconfig could be read\nKUBECONFIG  ", 40)),
		  "%s", err.text);
	cr_expect(strstr(err.text, "not set\n") != NULL, "%s", err.text);
	cr_expect(strstr(err.text, "/home/.kube/config") != NULL, "%s", err.text);
	cr_expect(strstr(err.text, "admin.conf there is no such file") != NULL ||
			  strstr(err.text, "admin.conf  ") != NULL,
		  "%s", err.text);
	cr_expect(strstr(err.hint, "sudo kotsnap") != NULL, "%s", err.hint);
	cr_expect(strstr(err.hint, "kotsnap practice") != NULL, "%s", err.hint);
	free(home);
	free(admin);
}

Test(kubeconfig_load, a_file_we_may_not_read_says_whose_it_is)
{
	char *admin = write_config("admin.conf", "admin");
	struct kubeconfig_options options = { .admin_conf = admin };
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;
	bool root = geteuid() == 0;

	chmod(folder, 0755);
	chmod(admin, 0200);
	if (root) /* who reads everything learns nothing here */
		cr_assert(zero(int, seteuid(65534)));
	cr_expect(eq(int, (int)kubeconfig_load(&options, &access, &err), STATUS_NOT_FOUND));
	if (root)
		cr_assert(zero(int, seteuid(0)));
	cr_expect(strstr(err.text, "permission denied (") != NULL, "%s", err.text);
	cr_expect(strstr(err.text, "mode 0200)") != NULL, "%s", err.text);
	free(admin);
}

/* Another cluster than the one that was meant is worse than none. */
Test(kubeconfig_load, what_was_asked_for_but_is_not_there_ends_the_search)
{
	char *admin = write_config("admin.conf", "admin"), *none = path_of("none");
	struct kubeconfig_options options = { .file = none, .admin_conf = admin };
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	cr_expect(eq(int, (int)kubeconfig_load(&options, &access, &err), STATUS_NOT_FOUND));
	cr_expect(strstr(err.text, "--kubeconfig ") == err.text, "%s", err.text);
	cr_expect(strstr(err.text, "there is no such file") != NULL, "%s", err.text);
	options.file = NULL;
	options.env_kubeconfig = none;
	cr_expect(eq(int, (int)kubeconfig_load(&options, &access, &err), STATUS_NOT_FOUND));
	cr_expect(strstr(err.text, "KUBECONFIG") != NULL, "%s", err.text);
	free(admin);
	free(none);
}

/* content, words of the error */
static const struct {
	const char *text, *words;
} broken[] = {
	{ "clusters: [\n", "is no YAML" },
	{ "a: b: c\n", "is no YAML" },
	{ "just text\n", "is no kubeconfig" },
	{ "- a\n- b\n", "is no kubeconfig" },
};

Test(kubeconfig_load, a_broken_file_is_named_and_ends_the_search)
{
	char *admin = write_config("admin.conf", "admin"), *home_folder = path_of("home");

	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		char *home = write_file("home/.kube/config", broken[i].text);
		struct kubeconfig_options options = { .home = home_folder, .admin_conf = admin };
		struct kube_access access = { 0 };
		struct error err = ERROR_INIT;

		cr_expect(eq(int, (int)kubeconfig_load(&options, &access, &err), STATUS_FORMAT),
			  "%s", broken[i].text);
		cr_expect(strstr(err.text, broken[i].words) != NULL, "%s", err.text);
		cr_expect(strstr(err.text, home) != NULL, "%s", err.text);
		cr_expect(ne(int, err.hint[0], 0));
		free(home);
	}
	free(admin);
	free(home_folder);
}

Test(kubeconfig_load, a_pod_uses_its_own_account)
{
	char *token = write_file("sa/token", "abc\n"), *ca = write_file("sa/ca.crt", CERT_2036);
	char *namespace = write_file("sa/namespace", "velero"), *account = path_of("sa");
	struct kubeconfig_options options = { .service_account = account,
					      .service_host = "fd00::1",
					      .service_port = "443" };
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	cr_assert(zero(int, (int)kubeconfig_load(&options, &access, &err)), "%s", err.text);
	cr_expect(same(access.source, "in-cluster"));
	cr_expect(same(access.server, "https://[fd00::1]:443"));
	cr_expect(same(access.token, "abc"));
	cr_expect(same(access.token_path, token), "read again when it is renewed");
	cr_expect(same(access.namespace, "velero"));
	cr_expect(access.ca_pem != NULL);
	kube_access_done(&access);
	unlink(ca);
	cr_expect(ne(int, (int)kubeconfig_load(&options, &access, &err), 0));
	cr_expect(strstr(err.text, "account of this pod") == err.text, "%s", err.text);
	free(token);
	free(ca);
	free(namespace);
	free(account);
}
