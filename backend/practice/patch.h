/* The patches of the API other than the merge patch (json_merge): RFC 6902, and the strategic merge
 * of core kinds. Pure. */
#ifndef BACKEND_PRACTICE_PATCH_H
#define BACKEND_PRACTICE_PATCH_H

#include "backend/base/json.h"
#include "backend/base/status.h"

/* add, remove, replace, test, copy, move. ret_result is owned by the caller. STATUS_INVALID with
 * the server's words. */
enum status patch_apply_json(const struct json *source, const struct json *operations,
			     struct json **ret_result, struct error *err);

/* In place. Maps merge; lists of maps that have names merge by name, $patch: delete removes one;
 * other lists are replaced, except finalizers, which are added to ($deleteFromPrimitiveList takes
 * out). $setElementOrder is read over. */
void patch_apply_strategic(struct json *target, const struct json *patch);

#endif
