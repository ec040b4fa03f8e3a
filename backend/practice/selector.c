#include "backend/practice/selector.h"

#include "backend/base/mem.h"
#include "backend/base/strbuf.h"

#include <stdlib.h>
#include <string.h>

enum match { MATCH_HAS, MATCH_HAS_NOT, MATCH_IN, MATCH_NOT_IN };

struct requirement {
	const char *key;
	enum match match;
	const char **values;
	size_t value_count;
	size_t value_capacity;
};

struct selector {
	struct arena arena;
	struct requirement *list;
	size_t count;
	size_t capacity;
};

void selector_free(struct selector *selector)
{
	size_t i;

	if (!selector)
		return;
	for (i = 0; i < selector->count; i++)
		free(selector->list[i].values);
	free(selector->list);
	arena_done(&selector->arena);
	free(selector);
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* One word up to a character that means something; "" when there is none. */
static const char *take_word(struct selector *selector, const char **text)
{
	const char *start = skip_blanks(*text);
	size_t len = strcspn(start, " \t=!,()<>");

	*text = skip_blanks(start + len);
	return arena_text_n(&selector->arena, start, len);
}

static void add_value(struct requirement *requirement, const char *value)
{
	requirement->values = mem_grow(requirement->values, requirement->value_count,
				       &requirement->value_capacity, sizeof(*requirement->values));
	requirement->values[requirement->value_count++] = value;
}

static enum status complain(const char *found, const char *expected, struct error *err)
{
	size_t len = strcspn(found, " \t");

	if (len > 1 && strchr("=!,()", *found))
		len = 1;
	return error_set(err, STATUS_INVALID,
			 "unable to parse requirement: found '%.*s', expected: %s", (int)len, found,
			 expected);
}

static enum status parse_set(struct selector *selector, struct requirement *requirement,
			     const char **text, struct error *err)
{
	if (**text != '(')
		return complain(*text, "'('", err);
	(*text)++;
	for (;;) {
		add_value(requirement, take_word(selector, text));
		if (**text == ')')
			break;
		if (**text != ',')
			return complain(*text, "',', or ')'", err);
		(*text)++;
	}
	*text = skip_blanks(*text + 1);
	return STATUS_OK;
}

/* What follows the key: nothing, "=v", "==v", "!=v", "in (...)", "notin (...)". */
static enum status parse_operator(struct selector *selector, struct requirement *requirement,
				  const char **text, struct error *err)
{
	const char *word;

	if (**text == '=' || text_starts(*text, "!=")) {
		requirement->match = **text == '=' ? MATCH_IN : MATCH_NOT_IN;
		*text += **text == '!' || (*text)[1] == '=' ? 2 : 1;
		word = take_word(selector, text);
		if (!*word && **text && **text != ',')
			return complain(*text, "identifier", err);
		add_value(requirement, word);
		return STATUS_OK;
	}
	if (!**text || **text == ',') {
		requirement->match = MATCH_HAS;
		return STATUS_OK;
	}
	word = take_word(selector, text);
	if (strcmp(word, "in") != 0 && strcmp(word, "notin") != 0)
		return complain(*word ? word : *text, "in, notin, =, ==, !=, gt, lt", err);
	requirement->match = word[0] == 'i' ? MATCH_IN : MATCH_NOT_IN;
	return parse_set(selector, requirement, text, err);
}

static enum status parse_requirement(struct selector *selector, const char **text,
				     struct error *err)
{
	struct requirement *requirement;
	bool negated;

	selector->list = mem_grow(selector->list, selector->count, &selector->capacity,
				  sizeof(*selector->list));
	requirement = &selector->list[selector->count++];
	memset(requirement, 0, sizeof(*requirement));
	*text = skip_blanks(*text);
	negated = **text == '!' && (*text)[1] != '=';
	if (negated)
		(*text)++;
	requirement->key = take_word(selector, text);
	if (!*requirement->key)
		return complain(*text, "identifier", err);
	if (negated) {
		requirement->match = MATCH_HAS_NOT;
		return STATUS_OK;
	}
	return parse_operator(selector, requirement, text, err);
}

static enum status parse_all(const char *text, struct selector **ret_selector, struct error *err)
{
	struct selector *selector;
	enum status st;

	if (!*skip_blanks(text)) {
		*ret_selector = NULL;
		return STATUS_OK;
	}
	selector = mem_alloc(sizeof(*selector));
	for (;;) {
		st = parse_requirement(selector, &text, err);
		if (st || !*text)
			break;
		if (*text != ',') {
			st = complain(text, "',' or 'end of string'", err);
			break;
		}
		text++;
	}
	if (st) {
		selector_free(selector);
		return st;
	}
	*ret_selector = selector;
	return STATUS_OK;
}

enum status selector_parse_labels(const char *text, struct selector **ret_selector,
				  struct error *err)
{
	return parse_all(text, ret_selector, err);
}

enum status selector_parse_fields(const char *text, struct selector **ret_selector,
				  struct error *err)
{
	struct selector *selector = NULL;
	size_t i;

	if (parse_all(text, &selector, NULL))
		goto refuse;
	for (i = 0; selector && i < selector->count; i++) {
		if (selector->list[i].match < MATCH_IN || selector->list[i].value_count != 1)
			goto refuse;
	}
	*ret_selector = selector;
	return STATUS_OK;
refuse:
	selector_free(selector);
	return error_set(err, STATUS_INVALID, "invalid selector: '%s'; can't understand '%s'", text,
			 text);
}

static bool has_value(const struct requirement *requirement, const char *value)
{
	size_t i;

	for (i = 0; i < requirement->value_count; i++) {
		if (strcmp(requirement->values[i], value) == 0)
			return true;
	}
	return false;
}

bool selector_matches_labels(const struct selector *selector, const struct json *labels)
{
	size_t i;

	for (i = 0; selector && i < selector->count; i++) {
		const struct requirement *requirement = &selector->list[i];
		const struct json *label = json_key(labels, requirement->key);
		bool in = label && has_value(requirement, json_value(label));

		if ((requirement->match == MATCH_HAS && !label) ||
		    (requirement->match == MATCH_HAS_NOT && label) ||
		    (requirement->match == MATCH_IN && !in) ||
		    (requirement->match == MATCH_NOT_IN && in))
			return false;
	}
	return true;
}

bool selector_matches_fields(const struct selector *selector, const struct json *object)
{
	size_t i;

	for (i = 0; selector && i < selector->count; i++) {
		const struct requirement *requirement = &selector->list[i];
		bool in = has_value(requirement, json_text(object, requirement->key));

		if (in != (requirement->match == MATCH_IN))
			return false;
	}
	return true;
}

bool selector_matches_label_text(const struct selector *selector, const char *labels)
{
	struct json *map;
	bool matches;

	if (!selector)
		return true;
	map = *labels ? json_parse(labels, strlen(labels), NULL) : NULL;
	matches = selector_matches_labels(selector, map);
	json_free(map);
	return matches;
}

bool selector_matches_object_text(const struct selector *selector, const char *object)
{
	struct json *tree;
	bool matches;

	if (!selector)
		return true;
	tree = json_parse(object, strlen(object), NULL);
	matches = selector_matches_fields(selector, tree);
	json_free(tree);
	return matches;
}

const char *selector_wants(const struct selector *selector, const char *field)
{
	size_t i;

	for (i = 0; selector && i < selector->count; i++) {
		if (selector->list[i].match == MATCH_IN &&
		    strcmp(selector->list[i].key, field) == 0)
			return selector->list[i].values[0];
	}
	return NULL;
}

const char *selector_odd_field(const struct selector *selector)
{
	size_t i;

	for (i = 0; selector && i < selector->count; i++) {
		if (strcmp(selector->list[i].key, "metadata.name") != 0 &&
		    strcmp(selector->list[i].key, "metadata.namespace") != 0)
			return selector->list[i].key;
	}
	return NULL;
}
