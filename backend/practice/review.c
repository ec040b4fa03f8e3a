#include "backend/practice/api.h"
#include "backend/practice/api_body.h"

#include <string.h>

/* What the fault 403 takes away; all else the one user may do. */
static bool is_allowed(const struct api *api, const struct json *review)
{
	const struct json *attributes = json_get(review, "spec.resourceAttributes");

	return !(faults_has(api->faults, FAULT_403) &&
		 strcmp(json_key_text(attributes, "resource"), "backups") == 0 &&
		 strcmp(json_key_text(attributes, "group"), "velero.io") == 0);
}

static struct json *all_rules(void)
{
	struct json *status = json_new_map(), *rule;

	rule = json_add(json_put(status, "resourceRules", json_new_list()), json_new_map());
	json_add_text(json_put(rule, "verbs", json_new_list()), "*");
	json_add_text(json_put(rule, "apiGroups", json_new_list()), "*");
	json_add_text(json_put(rule, "resources", json_new_list()), "*");
	json_put(status, "nonResourceRules", json_new_list());
	json_put_bool(status, "incomplete", false);
	return status;
}

void api_review(const struct api *api, const struct api_target *target,
		const struct server_request *request, struct route_reply *reply)
{
	struct json *review, *status;

	if (!api_body_parse(target, request, &review, reply))
		return;
	if (strcmp(target->kind->kind, "SelfSubjectRulesReview") == 0) {
		status = all_rules();
	} else {
		status = json_new_map();
		json_put_bool(status, "allowed", is_allowed(api, review));
	}
	json_put(review, "status", status);
	route_reply_json(reply, 201, review);
	json_free(review);
}
