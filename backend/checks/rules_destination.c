/* Where snapshots go: the location named "default", its store, its repositories. */
#include "backend/base/clock.h"
#include "backend/checks/rules.h"
#include "backend/checks/version.h"
#include "backend/velero/location.h"

#include <stdlib.h>
#include <string.h>

#define PERIODS_LATE 5
#define SYNC_LATE_S  600

static bool lacks_location(const struct check_facts *facts, struct check_result *result)
{
	if (rule_lacks_list(facts, result, COLLECTION_LOCATIONS))
		return true;
	if (!facts->location)
		rule_say(facts, result, VERDICT_FAILED, "there is no location named default");
	return !facts->location;
}

/* */
void rule_location_default(const struct check_facts *facts, struct check_result *result)
{
	const struct list *list = facts->model->lists[COLLECTION_LOCATIONS];

	result->means = "KOTS uses the location named default and no other.";
	if (lacks_location(facts, result)) {
		rule_do(facts, result, "Set a destination in the Admin Console.");
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct location *other = (const struct location *)list->items[i];

		if (other == facts->location || !other->is_default)
			continue;
		rule_say(facts, result, VERDICT_WARNING, "%s is marked as the default one too",
			 other->object.name);
		return;
	}
	rule_say(facts, result, VERDICT_PASSED, "default: %s, %s%s%s", facts->location->provider,
		 facts->location->bucket, *facts->location->prefix ? "/" : "",
		 facts->location->prefix);
}

static void judge_availability(const struct check_facts *facts, struct check_result *result,
			       const struct location *location)
{
	int64_t age = facts->now - location->last_validated;
	struct strbuf ago = STRBUF_INIT;

	clock_add_span(&ago, age);
	if (!strcmp(location->phase, "Unavailable"))
		rule_say(facts, result, VERDICT_FAILED, "destination is unavailable%s%.300s",
			 *location->message ? ": " : "", location->message);
	else if (!location->last_validated)
		rule_say(facts, result, VERDICT_UNKNOWN, "Velero has not checked it yet");
	else if (age > PERIODS_LATE * location->validation_period_s)
		rule_say(facts, result, VERDICT_WARNING, "not checked for %s", ago.buf);
	else if (strcmp(location->phase, "Available") != 0)
		rule_say(facts, result, VERDICT_UNKNOWN, "Velero says \"%s\"", location->phase);
	else
		rule_say(facts, result, VERDICT_PASSED, "available, checked %s ago", ago.buf);
	if (result->verdict == VERDICT_FAILED)
		rule_do(facts, result, "Look at Destination (4): it names the cause.");
	strbuf_done(&ago);
}

/* */
void rule_location_available(const struct check_facts *facts, struct check_result *result)
{
	if (!lacks_location(facts, result))
		judge_availability(facts, result, facts->location);
}

static const struct location *own_location(const struct check_facts *facts)
{
	const struct backup *backup = facts->snapshot->backup;

	return (const struct location *)list_by_name(facts->model->lists[COLLECTION_LOCATIONS],
						     *backup->location ? backup->location
								       : "default");
}

void rule_own_location(const struct check_facts *facts, struct check_result *result)
{
	const struct location *location = own_location(facts);

	if (rule_lacks_list(facts, result, COLLECTION_LOCATIONS))
		return;
	if (!location)
		rule_say(facts, result, VERDICT_FAILED, "it lies in location %s, which is not here",
			 facts->snapshot->backup->location);
	else
		judge_availability(facts, result, location);
}

void rule_location_synced(const struct check_facts *facts, struct check_result *result)
{
	struct strbuf ago = STRBUF_INIT;
	int64_t age;

	if (lacks_location(facts, result))
		return;
	age = facts->now - facts->location->last_synced;
	clock_add_span(&ago, age);
	result->means = "Snapshots of another cluster appear here by the sync.";
	if (!facts->location->last_synced)
		rule_say(facts, result, VERDICT_WARNING, "never synced");
	else
		rule_say(facts, result, age > SYNC_LATE_S ? VERDICT_WARNING : VERDICT_PASSED,
			 "%s ago", ago.buf);
	strbuf_done(&ago);
}

void rule_location_writable(const struct check_facts *facts, struct check_result *result)
{
	if (lacks_location(facts, result))
		return;
	if (strcmp(facts->location->access_mode, "ReadOnly") != 0) {
		rule_say(facts, result, VERDICT_PASSED, "read and write");
		return;
	}
	rule_say(facts, result, VERDICT_FAILED, "destination is read-only");
	result->means = "Nothing is taken, deleted or expired meanwhile.";
	rule_do(facts, result, "Make it writable on Destination (4).");
}

/* ---- the store ---- */

static const char *const inside_hosts[] = { ".rook-ceph",	".minio",    ".svc",
					    "kotsadm-fs-minio", "localhost", "127.0.0.1" };

static bool is_inside(const char *url)
{
	for (size_t i = 0; i < ARRAY_SIZE(inside_hosts); i++)
		if (strstr(url, inside_hosts[i]))
			return true;
	return false;
}

/* "10.250.0.1" of "http://10.250.0.1:9000/x" */
static void add_host(struct strbuf *out, const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	if (*host == '[')
		strbuf_add(out, host + 1, strcspn(host + 1, "]"));
	else
		strbuf_add(out, host, strcspn(host, ":/"));
}

/* An address of a private network, or a name without a domain: of a node, of a Service, or of a
 * machine next door. */
static bool may_be_inside(const char *host)
{
	static const char *const private_nets[] = { "10.", "192.168.", "169.254.", "fd", "fc" };
	long long second = 0;
	const char *dot = strchr(host, '.');

	for (size_t i = 0; i < 3; i++)
		if (text_starts(host, private_nets[i]))
			return true;
	for (size_t i = 3; strchr(host, ':') && i < ARRAY_SIZE(private_nets); i++)
		if (text_starts(host, private_nets[i]))
			return true;
	if (dot && (text_starts(host, "172.") || text_starts(host, "100.")))
		second = strtol(dot + 1, NULL, 10);
	if (text_starts(host, "172."))
		return second >= 16 && second < 32;
	if (text_starts(host, "100."))
		return second >= 64 && second < 128;
	return *host && !dot && !strchr(host, ':');
}

/* By one of its addresses or names. */
static bool is_node(const struct console *console, const char *host)
{
	struct strbuf between = STRBUF_INIT;
	bool found;

	strbuf_addf(&between, " %s ", host);
	found = *host && console && strstr(console->node_addresses, between.buf);
	strbuf_done(&between);
	return found;
}

/* */
void rule_location_outside(const struct check_facts *facts, struct check_result *result)
{
	const struct location *location = facts->location;
	struct strbuf host = STRBUF_INIT;

	if (lacks_location(facts, result))
		return;
	add_host(&host, location->s3_url);
	result->means = "What lies in the cluster is lost with the cluster.";
	if (!strcmp(location->provider, "replicated.com/pvc") || is_inside(location->s3_url)) {
		rule_say(facts, result, VERDICT_WARNING, "%s is in this cluster",
			 *location->s3_url ? location->s3_url : "its volume");
		rule_do(facts, result, "Choose a destination outside of it.");
	} else if (!strcmp(location->provider, "replicated.com/hostpath")) {
		rule_say(facts, result, VERDICT_WARNING, "a folder of a node of this cluster");
	} else if (is_node(facts->console, host.buf)) {
		rule_say(facts, result, VERDICT_WARNING, "%s is a node of this cluster", host.buf);
		rule_do(facts, result, "Choose a destination outside of it.");
	} else if (may_be_inside(host.buf)) {
		rule_say(facts, result, VERDICT_UNKNOWN,
			 "not known whether %s is inside this cluster", host.buf);
		rule_do(facts, result, "Make sure that it is no node or volume of this cluster.");
	} else {
		rule_say(facts, result, VERDICT_PASSED, "%s is not in this cluster",
			 *location->s3_url ? location->s3_url : location->bucket);
	}
	strbuf_done(&host);
}

/* */
void rule_location_kind(const struct check_facts *facts, struct check_result *result)
{
	struct version velero;

	if (lacks_location(facts, result))
		return;
	if (!text_starts(facts->location->provider, "replicated.com/")) {
		rule_say(facts, result, VERDICT_PASSED, "%s", facts->location->provider);
	} else if (!facts->console || !version_parse(facts->console->velero_version, &velero)) {
		rule_say(facts, result, VERDICT_UNKNOWN, "%s; the version of Velero is not known",
			 facts->location->provider);
	} else if (version_below(velero, 1, 17)) {
		rule_say(facts, result, VERDICT_WARNING, "%s is not supported from Velero 1.17 on",
			 facts->location->provider);
		rule_do(facts, result, "Move to another destination before Velero is upgraded.");
	} else {
		rule_say(facts, result, VERDICT_FAILED, "%s does not work with Velero %s",
			 facts->location->provider, facts->console->velero_version);
	}
}

/* */
void rule_insecure_tls(const struct check_facts *facts, struct check_result *result)
{
	bool store = false;

	if (facts->location) {
		const char *text = facts->location->config_json;
		struct json *config = json_parse(text, strlen(text), NULL);

		store = !strcmp(json_key_text(config, "insecureSkipTLSVerify"), "true");
		json_free(config);
	}
	if (store || facts->model->link.insecure)
		rule_say(facts, result, VERDICT_WARNING, "the certificate of %s is not checked",
			 store ? "the store" : "the API server");
	else if (facts->location && text_starts(facts->location->s3_url, "http://"))
		rule_say(facts, result, VERDICT_WARNING, "%s is not encrypted",
			 facts->location->s3_url);
	else
		rule_say(facts, result, VERDICT_PASSED, "certificates are checked");
	if (result->verdict == VERDICT_WARNING)
		result->means = "Somebody between could read or change snapshots.";
}

/* ---- repositories ---- */

void rule_repositories_ready(const struct check_facts *facts, struct check_result *result)
{
	const struct list *list = facts->model->lists[COLLECTION_REPOSITORIES];
	const struct repository *bad = NULL;
	size_t ready = 0;

	if (rule_lacks_list(facts, result, COLLECTION_REPOSITORIES))
		return;
	for (size_t i = 0; i < list->count; i++) {
		const struct repository *repository = (const struct repository *)list->items[i];

		ready += !strcmp(repository->phase, "Ready");
		if (!strcmp(repository->phase, "NotReady"))
			bad = repository;
	}
	if (bad) {
		rule_say(facts, result, VERDICT_FAILED, "%s is not ready%s%.300s", bad->object.name,
			 *bad->message ? ": " : "", bad->message);
		result->means = "Volumes of its namespace cannot be copied or restored.";
		rule_do(facts, result, "Is the repository password the one of then (R-09c)?");
	} else if (!list->count) {
		rule_say(facts, result, VERDICT_PASSED, "none yet: no volume was copied");
	} else {
		rule_say(facts, result, VERDICT_PASSED, "%zu of %zu ready", ready, list->count);
	}
}

/* */
void rule_repositories_kept(const struct check_facts *facts, struct check_result *result)
{
	const struct list *list = facts->model->lists[COLLECTION_REPOSITORIES];

	if (rule_lacks_list(facts, result, COLLECTION_REPOSITORIES))
		return;
	for (size_t i = 0; i < list->count; i++) {
		const struct repository *repository = (const struct repository *)list->items[i];

		if (strcmp(repository->last_result, "Failed") != 0)
			continue;
		rule_say(facts, result, VERDICT_WARNING, "the last one of %s failed",
			 repository->object.name);
		result->means = "Space of deleted snapshots is not freed.";
		return;
	}
	rule_say(facts, result, VERDICT_PASSED, "no failure known");
}
