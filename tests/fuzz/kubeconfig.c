/* Any YAML as a kubeconfig: an access or an error that says something, and nothing left behind. */
#include "tests/fuzz/fuzz.h"

#include "backend/base/yaml.h"
#include "backend/kube/kubeconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "/nowhere/config" };
	struct json *document = yaml_parse((const char *)data, size, NULL), *merged;
	const struct json *documents[] = { document };
	struct kube_access access = { 0 };
	struct error err = ERROR_INIT;

	if (!document)
		return 0;
	merged = kubeconfig_merge(documents, paths, 1);
	if (kubeconfig_pick(merged, "", &access, &err) == STATUS_OK) {
		fuzz_require(access.server && *access.server);
		kube_access_done(&access);
	} else {
		fuzz_require(*err.text);
	}
	json_free(merged);
	json_free(document);
	return 0;
}
