#include "backend/practice/patch.h"

#include "backend/base/strbuf.h"

#include <stdlib.h>
#include <string.h>

/* ---- RFC 6902: trees are built anew along the path, for lists of json.h only grow at their end
 * ---- */

struct edit {
	const struct json *value; /* NULL removes */
	bool replace;		  /* something must stand there already */
};

/* Cuts one token off the pointer, with ~1 and ~0 resolved; false at the end. */
static bool next_token(const char **pointer, struct strbuf *out)
{
	const char *at = *pointer;

	if (*at != '/')
		return false;
	strbuf_reset(out);
	for (at++; *at && *at != '/'; at++) {
		if (at[0] == '~' && (at[1] == '0' || at[1] == '1'))
			strbuf_addc(out, *++at == '0' ? '~' : '/');
		else
			strbuf_addc(out, *at);
	}
	*pointer = at;
	return true;
}

static const struct json *child_of(const struct json *node, const char *token)
{
	const struct json *item = json_first(node);
	long long index;

	if (json_type(node) != JSON_LIST)
		return json_key(node, token);
	if (!text_to_int(token, &index) || index < 0)
		return NULL;
	while (item && index-- > 0)
		item = json_next(item);
	return item;
}

static const struct json *find_node(const struct json *root, const char *pointer)
{
	struct strbuf token = STRBUF_INIT;

	while (root && next_token(&pointer, &token))
		root = child_of(root, token.buf);
	strbuf_done(&token);
	return root;
}

static struct json *edit_node(const struct json *node, const char *pointer,
			      const struct edit *edit);

/* The list with the item at the token edited, inserted or left out. */
static struct json *edit_list(const struct json *list, const char *token, const char *rest,
			      const struct edit *edit)
{
	long long count = (long long)json_count(list), at = -1, i = 0;
	bool inserts = !*rest && edit->value && !edit->replace;
	const struct json *item;
	struct json *copy, *child;

	if (inserts && strcmp(token, "-") == 0)
		at = count;
	else if (!text_to_int(token, &at) || at < 0 || at > count || (at == count && !inserts))
		return NULL;
	copy = json_new_list();
	for (item = json_first(list); item; item = json_next(item), i++) {
		if (i == at && inserts)
			json_add(copy, json_clone(edit->value));
		if (i != at || inserts) {
			json_add(copy, json_clone(item));
		} else if (*rest || edit->value) {
			child = edit_node(item, rest, edit);
			if (!child) {
				json_free(copy);
				return NULL;
			}
			json_add(copy, child);
		}
	}
	if (at == count)
		json_add(copy, json_clone(edit->value));
	return copy;
}

static struct json *edit_map(const struct json *map, const char *token, const char *rest,
			     const struct edit *edit)
{
	const struct json *old = json_key(map, token);
	struct json *copy, *child = NULL;

	if (!old && (*rest || edit->replace || !edit->value))
		return NULL;
	if (*rest)
		child = edit_node(old, rest, edit);
	else if (edit->value)
		child = json_clone(edit->value);
	if (!child && (*rest || edit->value))
		return NULL;
	copy = json_clone(map);
	if (child)
		json_put(copy, token, child);
	else
		json_remove(copy, token);
	return copy;
}

/* NULL when the path is not there. */
static struct json *edit_node(const struct json *node, const char *pointer, const struct edit *edit)
{
	struct strbuf token = STRBUF_INIT;
	struct json *edited = NULL;

	if (!next_token(&pointer, &token))
		edited = json_clone(edit->value);
	else if (json_type(node) == JSON_LIST)
		edited = edit_list(node, token.buf, pointer, edit);
	else if (json_type(node) == JSON_MAP)
		edited = edit_map(node, token.buf, pointer, edit);
	strbuf_done(&token);
	return edited;
}

/* One operation on *tree, which it replaces. False when it cannot be done. */
static bool apply_operation(struct json **tree, const struct json *operation)
{
	const char *op = json_key_text(operation, "op"), *path = json_key_text(operation, "path");
	const char *from = json_key_text(operation, "from");
	bool moves = strcmp(op, "move") == 0, copies = strcmp(op, "copy") == 0;
	struct edit edit = { json_key(operation, "value"), strcmp(op, "replace") == 0 };
	struct edit removal = { NULL, true };
	struct json *next, *held = NULL;

	if (strcmp(op, "test") == 0)
		return json_equal(find_node(*tree, path), edit.value);
	if (moves || copies)
		edit.value = held = json_clone(find_node(*tree, from));
	if (strcmp(op, "remove") == 0)
		edit.value = NULL;
	else if (!edit.value)
		return false;
	if (moves) {
		next = edit_node(*tree, from, &removal);
		json_free(*tree);
		*tree = next;
	}
	next = *tree ? edit_node(*tree, path, &edit) : NULL;
	json_free(held);
	if (!next)
		return false;
	json_free(*tree);
	*tree = next;
	return true;
}

enum status patch_apply_json(const struct json *source, const struct json *operations,
			     struct json **ret_result, struct error *err)
{
	struct json *tree = json_clone(source);
	const struct json *operation;

	if (json_type(operations) != JSON_LIST) {
		json_free(tree);
		return error_set(err, STATUS_INVALID,
				 "error decoding patch: a JSON patch is a list of operations");
	}
	for (operation = json_first(operations); operation; operation = json_next(operation)) {
		if (!apply_operation(&tree, operation)) {
			json_free(tree);
			return error_set(err, STATUS_INVALID,
					 "the server rejected our request due to an error in our "
					 "request: %s %s cannot be done",
					 json_key_text(operation, "op"),
					 json_key_text(operation, "path"));
		}
	}
	*ret_result = tree;
	return STATUS_OK;
}

/* ---- strategic merge ---- */

static const struct json *item_named(const struct json *list, const char *name)
{
	const struct json *item;

	for (item = json_first(list); item; item = json_next(item)) {
		if (*name && strcmp(json_key_text(item, "name"), name) == 0)
			return item;
	}
	return NULL;
}

static bool has_text(const struct json *list, const char *text)
{
	const struct json *item;

	for (item = json_first(list); item; item = json_next(item)) {
		if (json_type(item) == JSON_TEXT && strcmp(json_value(item), text) == 0)
			return true;
	}
	return false;
}

static struct json *merge_named(const struct json *old, const struct json *patch)
{
	struct json *merged = json_new_list();
	const struct json *item, *change;

	for (item = json_first(old); item; item = json_next(item)) {
		change = item_named(patch, json_key_text(item, "name"));
		if (change && strcmp(json_key_text(change, "$patch"), "delete") == 0)
			continue;
		if (change)
			patch_apply_strategic(json_add(merged, json_clone(item)), change);
		else
			json_add(merged, json_clone(item));
	}
	for (change = json_first(patch); change; change = json_next(change)) {
		if (!item_named(old, json_key_text(change, "name")) &&
		    !*json_key_text(change, "$patch"))
			json_add(merged, json_clone(change));
	}
	return merged;
}

static struct json *join_texts(const struct json *old, const struct json *patch)
{
	struct json *joined = json_clone(old);
	const struct json *item;

	for (item = json_first(patch); item; item = json_next(item)) {
		if (!has_text(joined, json_value(item)))
			json_add_text(joined, json_value(item));
	}
	return joined;
}

static void remove_texts(struct json *target, const char *key, const struct json *gone)
{
	const struct json *item;
	struct json *left = json_new_list();

	for (item = json_first(json_key(target, key)); item; item = json_next(item)) {
		if (!has_text(gone, json_value(item)))
			json_add(left, json_clone(item));
	}
	json_put(target, key, left);
}

static void apply_list(struct json *target, const char *key, const struct json *patch)
{
	const struct json *old = json_key(target, key);
	bool named = *json_key_text(json_first(patch), "name") != '\0';

	if (json_type(old) == JSON_LIST && named)
		json_put(target, key, merge_named(old, patch));
	else if (json_type(old) == JSON_LIST && strcmp(key, "finalizers") == 0)
		json_put(target, key, join_texts(old, patch));
	else
		json_put(target, key, json_clone(patch));
}

void patch_apply_strategic(struct json *target, const struct json *patch)
{
	const struct json *change;

	for (change = json_first(patch); change; change = json_next(change)) {
		const char *key = json_name(change);
		struct json *old = json_key_mut(target, key);

		if (text_starts(key, "$deleteFromPrimitiveList/"))
			remove_texts(target, strchr(key, '/') + 1, change);
		else if (*key == '$')
			continue;
		else if (json_type(change) == JSON_NULL)
			json_remove(target, key);
		else if (json_type(change) == JSON_LIST)
			apply_list(target, key, change);
		else if (json_type(change) != JSON_MAP)
			json_put(target, key, json_clone(change));
		else if (json_type(old) == JSON_MAP)
			patch_apply_strategic(old, change);
		else
			patch_apply_strategic(json_put(target, key, json_new_map()), change);
	}
}
