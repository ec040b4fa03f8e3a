#include "backend/base/clock.h"
#include "backend/kots/snapshot_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum compare { COMPARE_EQUAL, COMPARE_MORE, COMPARE_LEAST, COMPARE_LESS, COMPARE_MOST };

struct term;
struct scene {
	const struct snapshot *snapshot;
	int64_t now;
};
typedef bool term_holds(const struct term *term, const struct scene *scene);
typedef enum status term_read(struct term *term, struct error *err);

struct term {
	term_holds *holds;
	bool negated;
	enum compare compare;
	int64_t number;
	char *text; /* owned */
};

struct snapshot_filter {
	struct term *terms;
	size_t count, capacity;
};

/* ---- values ---- */

static const struct {
	const char *text;
	enum compare compare;
} compares[] = { { ">=", COMPARE_LEAST },
		 { "<=", COMPARE_MOST },
		 { ">", COMPARE_MORE },
		 { "<", COMPARE_LESS },
		 { "=", COMPARE_EQUAL } };

/* Behind the sign, if any; without one term->compare stays as it is. */
static const char *read_compare(struct term *term)
{
	for (size_t i = 0; i < ARRAY_SIZE(compares); i++) {
		if (!text_starts(term->text, compares[i].text))
			continue;
		term->compare = compares[i].compare;
		return term->text + strlen(compares[i].text);
	}
	return term->text;
}

static bool compare_holds(const struct term *term, int64_t value)
{
	switch (term->compare) {
	case COMPARE_MORE:
		return value > term->number;
	case COMPARE_LEAST:
		return value >= term->number;
	case COMPARE_LESS:
		return value < term->number;
	case COMPARE_MOST:
		return value <= term->number;
	default:
		return value == term->number;
	}
}

struct unit {
	const char *name;
	int64_t factor;
};

/* clang-format off */
static const struct unit age_units[] = {
	{ "s", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 }, { "w", 604800 },
	{ NULL, 0 },
};
static const struct unit size_units[] = {
	{ "", 1 }, { "B", 1 },
	{ "KiB", INT64_C(1) << 10 }, { "K", INT64_C(1) << 10 }, { "KB", 1000 },
	{ "MiB", INT64_C(1) << 20 }, { "M", INT64_C(1) << 20 }, { "MB", 1000000 },
	{ "GiB", INT64_C(1) << 30 }, { "G", INT64_C(1) << 30 }, { "GB", 1000000000 },
	{ "TiB", INT64_C(1) << 40 }, { "T", INT64_C(1) << 40 }, { "TB", INT64_C(1000000000000) },
	{ NULL, 0 },
};
/* clang-format on */

static bool read_amount(const char *text, const struct unit *units, int64_t *ret_value)
{
	char *end;
	double value;

	if (!isdigit((unsigned char)*text))
		return false;
	value = strtod(text, &end);
	for (; units->name; units++) {
		if (strcasecmp(end, units->name) != 0)
			continue;
		value *= (double)units->factor;
		*ret_value = value < 9e18 ? (int64_t)value : INT64_MAX;
		return true;
	}
	return false;
}

static enum status read_size(struct term *term, struct error *err)
{
	term->compare = COMPARE_LEAST;
	if (read_amount(read_compare(term), size_units, &term->number))
		return STATUS_OK;
	return error_set(err, STATUS_USAGE, "%s: not a size; 10GiB, >1.5TiB, <500MB", term->text);
}

static enum status read_count(struct term *term, struct error *err)
{
	long long value;

	if (!text_to_int(read_compare(term), &value))
		return error_set(err, STATUS_USAGE, "%s: not a number; 0, >0, <=3", term->text);
	term->number = value;
	return STATUS_OK;
}

static enum status read_age(struct term *term, struct error *err)
{
	if (read_amount(term->text, age_units, &term->number))
		return STATUS_OK;
	return error_set(err, STATUS_USAGE, "%s: not an age; 30d, 2w, 12h, 45min", term->text);
}

static enum status read_text(struct term *term, struct error *err)
{
	(void)term;
	(void)err;
	return STATUS_OK;
}

/* ---- what holds ---- */

static bool contains(const struct term *term, const char *text)
{
	return text_find_nocase(text, term->text) != NULL;
}

/* What Velero calls it counts too: status:failed finds what is shown as Incomplete. */
static bool status_holds(const struct term *term, const struct scene *scene)
{
	return contains(term, snapshot_word(scene->snapshot)) ||
	       contains(term, scene->snapshot->phase);
}

static bool type_holds(const struct term *term, const struct scene *scene)
{
	return !strncasecmp(snapshot_kind_word(scene->snapshot->kind), term->text,
			    strlen(term->text));
}

static bool name_holds(const struct term *term, const struct scene *scene)
{
	return contains(term, scene->snapshot->backup->object.name);
}

struct slug_search {
	const struct term *term;
	bool found;
};

static bool slug_contains(void *arg, const char *slug, size_t len)
{
	struct slug_search *search = arg;
	const char *at = text_find_nocase(slug, search->term->text);

	search->found = at && (size_t)(at - slug) + strlen(search->term->text) <= len;
	return !search->found;
}

/* Parsing is for those rows only whose text has the word in it at all. */
static bool app_holds(const struct term *term, const struct scene *scene)
{
	struct slug_search search = { term, false };

	if (scene->snapshot->kind == SNAPSHOT_PARTIAL ||
	    contains(term, scene->snapshot->backup->kots_sequences))
		snapshot_each_slug(scene->snapshot, slug_contains, &search);
	return search.found;
}

static bool word_holds(const struct term *term, const struct scene *scene)
{
	return name_holds(term, scene) || contains(term, snapshot_word(scene->snapshot)) ||
	       contains(term, snapshot_kind_word(scene->snapshot->kind)) || app_holds(term, scene);
}

static int64_t age_of(const struct scene *scene)
{
	const struct backup *backup = scene->snapshot->backup;

	return scene->now - (backup->started ? backup->started : backup->object.created);
}

static bool older_holds(const struct term *term, const struct scene *scene)
{
	return age_of(scene) > term->number;
}

static bool younger_holds(const struct term *term, const struct scene *scene)
{
	return age_of(scene) < term->number;
}

/* A size that is not known is none. */
static bool size_holds(const struct term *term, const struct scene *scene)
{
	return scene->snapshot->volumes_read && compare_holds(term, scene->snapshot->bytes_done);
}

static bool errors_hold(const struct term *term, const struct scene *scene)
{
	return compare_holds(term, scene->snapshot->errors);
}

static bool warnings_hold(const struct term *term, const struct scene *scene)
{
	return compare_holds(term, scene->snapshot->warnings);
}

static bool anything_holds(const struct term *term, const struct scene *scene)
{
	(void)scene;
	return !term->negated;
}

static const struct field {
	const char *name;
	term_read *read;
	term_holds *holds;
} fields[] = {
	{ "status", read_text, status_holds }, { "type", read_text, type_holds },
	{ "app", read_text, app_holds },       { "name", read_text, name_holds },
	{ "older", read_age, older_holds },    { "younger", read_age, younger_holds },
	{ "size", read_size, size_holds },     { "err", read_count, errors_hold },
	{ "warn", read_count, warnings_hold },
};

/* ---- the text ---- */

static enum status no_such_field(struct error *err, const char *name, size_t len)
{
	struct strbuf all = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		strbuf_addf(&all, " %s", fields[i].name);
	error_set(err, STATUS_USAGE, "%.*s: no such field;%s", (int)(len < 60 ? len : 60), name,
		  all.buf);
	strbuf_done(&all);
	return STATUS_USAGE;
}

static const struct field *find_field(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (strlen(fields[i].name) == len && !strncasecmp(fields[i].name, name, len))
			return &fields[i];
	return NULL;
}

static bool is_half(const struct term *term)
{
	return !term->text[strspn(term->text, "<>=")];
}

static enum status read_word(struct term *term, const char *word, size_t len, struct error *err)
{
	const char *colon = memchr(word, ':', len);
	const struct field *field = NULL;

	if (colon) {
		field = find_field(word, (size_t)(colon - word));
		if (!field)
			return no_such_field(err, word, (size_t)(colon - word));
		len -= (size_t)(colon + 1 - word);
		word = colon + 1;
	}
	term->text = mem_text_n(word, len);
	if (is_half(term)) {
		term->holds = anything_holds;
		return STATUS_OK;
	}
	term->holds = field ? field->holds : word_holds;
	return field ? field->read(term, err) : STATUS_OK;
}

enum status snapshot_filter_new(const char *text, struct snapshot_filter **ret_filter,
				struct error *err)
{
	static const char blanks[] = " \t";
	struct snapshot_filter *filter = mem_alloc(sizeof(*filter));
	size_t len;

	for (text += strspn(text, blanks); *text; text += len, text += strspn(text, blanks)) {
		struct term term = { .negated = *text == '!' };

		text += term.negated;
		len = strcspn(text, blanks);
		if (read_word(&term, text, len, err)) {
			free(term.text);
			snapshot_filter_free(filter);
			return err ? err->code : STATUS_USAGE;
		}
		filter->terms =
			mem_grow(filter->terms, filter->count, &filter->capacity, sizeof(term));
		filter->terms[filter->count++] = term;
	}
	*ret_filter = filter;
	return STATUS_OK;
}

bool snapshot_filter_match(const struct snapshot_filter *filter, const struct snapshot *snapshot,
			   int64_t now)
{
	const struct scene scene = { snapshot, now };

	for (size_t i = 0; i < filter->count; i++) {
		const struct term *term = &filter->terms[i];

		if (term->holds(term, &scene) == term->negated)
			return false;
	}
	return true;
}

void snapshot_filter_free(struct snapshot_filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++)
		free(filter->terms[i].text);
	free(filter->terms);
	free(filter);
}
