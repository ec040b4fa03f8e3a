#include "backend/kube/kubeconfig.h"

#include "backend/base/file.h"
#include "backend/base/strbuf.h"
#include "backend/base/yaml.h"
#include "tests/unit/backend/kube/certificates.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define same(a, b) zero(int, strcmp((a) ? (a) : "(null)", (b)))

static const char first[] =
	"apiVersion: v1\n"
	"kind: Config\n"
	"current-context: one\n"
	"clusters:\n"
	"- name: red\n"
	"  cluster: {server: 'https://red:6443', tls-server-name: red.example}\n"
	"users:\n"
	"- name: red-user\n"
	"  user: {username: ann}\n"
	"contexts:\n"
	"- name: one\n"
	"  context: {cluster: red, user: red-user, namespace: velero}\n";
static const char second[] = "current-context: two\n"
			     "clusters:\n"
			     "- name: red\n"
			     "  cluster: {server: 'https://other:6443', proxy-url: 'http://p'}\n"
			     "- name: blue\n"
			     "  cluster: {server: 'blue:8080/', insecure-skip-tls-verify: true}\n"
			     "users:\n"
			     "- name: red-user\n"
			     "  user: {username: bob, password: x}\n"
			     "- name: blue-user\n"
			     "  user: {token: t0, tokenFile: secrets/token, as: root,\n"
			     "         as-groups: [a, b]}\n"
			     "contexts:\n"
			     "- name: one\n"
			     "  context: {cluster: blue, user: blue-user}\n"
			     "- name: two\n"
			     "  context: {cluster: blue, user: blue-user}\n";

/* "" for no error. */
static enum status pick(const char *const *texts, size_t count, const char *context,
			struct kube_access *access, struct error *err)
{
	static const char *const paths[] = { "/etc/one/config", "/home/two/config" };
	struct json *documents[2] = { NULL, NULL }, *merged;
	enum status st;

	for (size_t i = 0; i < count; i++) {
		documents[i] = yaml_parse(texts[i], strlen(texts[i]), err);
		cr_assert(documents[i] != NULL, "%s", err->text);
	}
	merged = kubeconfig_merge((const struct json *const *)documents, paths, count);
	st = kubeconfig_pick(merged, context, access, err);
	json_free(merged);
	for (size_t i = 0; i < count; i++)
		json_free(documents[i]);
	return st;
}

Test(kubeconfig, the_first_file_wins_whole_entries)
{
	const char *const texts[] = { first, second };
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	cr_assert(zero(int, (int)pick(texts, 2, NULL, &access, &err)), "%s", err.text);
	cr_expect(same(access.context, "one"), "current-context of the first file");
	cr_expect(same(access.server, "https://red:6443"));
	cr_expect(same(access.server_name, "red.example"));
	cr_expect(access.proxy_url == NULL, "nothing is mixed in from the second entry");
	cr_expect(same(access.username, "ann"));
	cr_expect(access.password == NULL);
	cr_expect(same(access.namespace, "velero"));
	cr_expect(same(access.source, "/etc/one/config"));
	kube_access_done(&access);
}

Test(kubeconfig, contexts_of_later_files_count_and_paths_are_relative_to_theirs)
{
	const char *const texts[] = { first, second };
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	cr_assert(zero(int, (int)pick(texts, 2, "two", &access, &err)), "%s", err.text);
	cr_expect(same(access.server, "https://blue:8080"));
	cr_expect(access.insecure);
	cr_expect(same(access.token, "t0"));
	cr_expect(same(access.token_path, "/home/two/secrets/token"));
	cr_expect(same(access.source, "/home/two/config"));
	cr_expect(same(access.as_user, "root"));
	cr_expect(same(access.as_groups[1], "b"));
	cr_expect(access.as_groups[2] == NULL);
	kube_access_done(&access);
}

Test(kubeconfig, an_exec_plugin_is_read_whole)
{
	const char *const texts[] = { "current-context: c\n"
				      "clusters: [{name: k, cluster: {server: 'https://k'}}]\n"
				      "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
				      "users:\n"
				      "- name: u\n"
				      "  user:\n"
				      "    exec:\n"
				      "      apiVersion: client.authentication.k8s.io/v1\n"
				      "      command: ./bin/login\n"
				      "      args: [--cluster, prod]\n"
				      "      env: [{name: REGION, value: eu}]\n"
				      "      provideClusterInfo: true\n"
				      "      interactiveMode: Always\n"
				      "      installHint: get it at the desk\n" };
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	cr_assert(zero(int, (int)pick(texts, 1, "", &access, &err)), "%s", err.text);
	cr_expect(same(access.exec.command, "/etc/one/./bin/login"));
	cr_expect(same(access.exec.args[0], "--cluster"));
	cr_expect(same(access.exec.args[1], "prod"));
	cr_expect(access.exec.args[2] == NULL);
	cr_expect(same(access.exec.env[0], "REGION=eu"));
	cr_expect(same(access.exec.api_version, "client.authentication.k8s.io/v1"));
	cr_expect(access.exec.provide_cluster_info);
	cr_expect(access.exec.needs_terminal);
	cr_expect(same(access.exec.install_hint, "get it at the desk"));
	kube_access_done(&access);
}

static char *base64(const char *text)
{
	struct strbuf out = STRBUF_INIT;

	strbuf_add_base64(&out, text, strlen(text));
	return strbuf_detach(&out);
}

Test(kubeconfig, certificates_are_read_inline_and_from_files)
{
	char folder[] = "/tmp/kotsnap-test-XXXXXX", *inline_pem = base64(CERT_2036);
	struct strbuf text = STRBUF_INIT, path = STRBUF_INIT;
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;
	const char *texts[1];

	cr_assert(mkdtemp(folder) != NULL);
	strbuf_addf(&path, "%s/client.pem", folder);
	cr_assert(zero(int, (int)file_replace(path.buf, CERT_2081, strlen(CERT_2081), 0600, &err)));
	strbuf_addf(&text,
		    "current-context: c\n"
		    "clusters: [{name: k, cluster: {server: 'k:6443', certificate-authority: "
		    "/nowhere, certificate-authority-data: %s}}]\n"
		    "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
		    "users: [{name: u, user: {client-certificate: %s, client-key: %s}}]\n",
		    inline_pem, path.buf, path.buf);
	texts[0] = text.buf;
	cr_expect(zero(int, (int)pick(texts, 1, NULL, &access, &err)), "%s", err.text);
	cr_expect(same(access.ca_pem, CERT_2036), "data win over a file");
	cr_expect(same(access.cert_pem, CERT_2081));
	cr_expect(same(access.key_pem, CERT_2081));
	cr_expect(same(access.cert_path, path.buf), "to be read again");
	cr_expect(same(access.server, "https://k:6443"), "TLS is meant");
	kube_access_done(&access);
	unlink(path.buf);
	rmdir(folder);
	strbuf_done(&text);
	strbuf_done(&path);
	free(inline_pem);
}

#define CLUSTER(text) "clusters: [{name: k, cluster: {" text "}}]\n"
#define CONTEXT	      "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
#define USER(text)    "users: [{name: u, user: {" text "}}]\n"
#define GOOD_CLUSTER  CLUSTER("server: 'https://k'")
#define BAD_DATA      "client-certificate-data: '****'"

/* file, context asked for, status, words of the text, words of the hint */
static const struct {
	const char *text, *context;
	enum status code;
	const char *words, *hint;
} broken[] = {
	{ CONTEXT GOOD_CLUSTER USER(""), "x", STATUS_NOT_FOUND, "no context \"x\"",
	  "there are: c" },
	{ "contexts: [{name: a}, {name: b}]\n", "", STATUS_NOT_FOUND, "sets no current-context",
	  "there are: a, b" },
	{ "{}", "", STATUS_NOT_FOUND, "sets no current-context", "no contexts at all" },
	{ CONTEXT USER(""), "", STATUS_NOT_FOUND, "names the cluster \"k\"", "/etc/one/config" },
	{ CONTEXT GOOD_CLUSTER, "", STATUS_NOT_FOUND, "names the user \"u\"", "/etc/one/config" },
	{ CONTEXT CLUSTER("") USER(""), "", STATUS_FORMAT, "names no server", "/etc/one/config" },
	{ CONTEXT GOOD_CLUSTER USER(BAD_DATA), "", STATUS_FORMAT,
	  "user \"u\": client-certificate-data", "" },
	{ CONTEXT GOOD_CLUSTER USER("client-certificate-data: aGVsbG8="), "", STATUS_FORMAT,
	  "not PEM", "copy the kubeconfig again" },
	{ CONTEXT GOOD_CLUSTER USER("client-key: /nowhere/key.pem"), "", STATUS_NOT_FOUND,
	  "/nowhere/key.pem", "" },
	{ CONTEXT GOOD_CLUSTER USER("auth-provider: {name: gcp}"), "", STATUS_UNSUPPORTED,
	  "auth-provider gcp", "exec plug-in" },
	{ CONTEXT CLUSTER("server: 'https://k', insecure-skip-tls-verify: true, "
			  "certificate-authority-data: LS0tLS1CRUdJTiBY") USER(""),
	  "", STATUS_FORMAT, "both insecure-skip-tls-verify", "remove one" },
};

Test(kubeconfig, what_is_wrong_is_named_with_what_to_do)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct kube_access access = { 0 };
		struct error err = ERROR_INIT;

		cr_expect(eq(int, (int)pick(&broken[i].text, 1, broken[i].context, &access, &err),
			     (int)broken[i].code),
			  "%s: %s", broken[i].words, err.text);
		cr_expect(strstr(err.text, broken[i].words) != NULL, "%s: %s", broken[i].words,
			  err.text);
		cr_expect(strstr(err.hint, broken[i].hint) != NULL, "%s: %s", broken[i].hint,
			  err.hint);
		cr_expect(access.server == NULL, "nothing is written on failure");
	}
}

Test(kubeconfig, a_certificate_without_its_key_is_told)
{
	char *data = base64(CERT_2036);
	struct strbuf text = STRBUF_INIT;
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;
	const char *texts[1];

	strbuf_addf(&text, CONTEXT GOOD_CLUSTER USER("client-certificate-data: %s"), data);
	texts[0] = text.buf;
	cr_expect(eq(int, (int)pick(texts, 1, "", &access, &err), STATUS_FORMAT));
	cr_expect(strstr(err.text, "no client-key") != NULL, "%s", err.text);
	strbuf_done(&text);
	free(data);
}
