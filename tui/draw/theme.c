#include "tui/draw/theme.h"

#include "backend/base/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const color_names[] = {
	"black",	"red",		 "green",	"yellow",	  "blue",
	"magenta",	"cyan",		 "white",	"bright-black",	  "bright-red",
	"bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
	"bright-white",
};
#define INDEXED 0x1000000

static const unsigned char default_yaml[] = {
#include "theme_default.inc"
};

/* Levenshtein distance of short names: finds the one a person meant. */
static int distance(const char *a, const char *b)
{
	int row[64], i, j, before, here;
	int m = (int)strlen(a), n = (int)strlen(b);

	if (n >= (int)ARRAY_SIZE(row) || m >= (int)ARRAY_SIZE(row))
		return 64;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; i <= m; i++) {
		before = row[0];
		row[0] = i;
		for (j = 1; j <= n; j++) {
			here = row[j];
			row[j] = before + (a[i - 1] != b[j - 1]);
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			if (here + 1 < row[j])
				row[j] = here + 1;
			before = here;
		}
	}
	return row[n];
}

static const char *nearest_role(const char *name)
{
	enum role role, best = 0;

	for (role = 1; role < ROLES; role++) {
		if (distance(name, role_name(role)) < distance(name, role_name(best)))
			best = role;
	}
	return role_name(best);
}

static const char *nearest_color(const char *name)
{
	size_t i, best = 0;

	for (i = 1; i < ARRAY_SIZE(color_names); i++) {
		if (distance(name, color_names[i]) < distance(name, color_names[best]))
			best = i;
	}
	return color_names[best];
}

static bool plain_color(const char *text, int32_t *ret_color)
{
	unsigned value;
	char rest;
	size_t i;

	if (text[0] == '#' && strlen(text) == 7 && sscanf(text + 1, "%6x%c", &value, &rest) == 1) {
		*ret_color = (int32_t)value;
		return true;
	}
	if (!strcmp(text, "default")) {
		*ret_color = COLOR_DEFAULT;
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(color_names); i++) {
		if (!strcmp(color_names[i], text)) {
			*ret_color = (int32_t)(INDEXED + i);
			return true;
		}
	}
	return false;
}

static enum status read_color(const struct json *palette, const char *text, int32_t *ret_color,
			      struct error *err)
{
	const char *named = json_key_text(palette, text);

	if (plain_color(*named ? named : text, ret_color))
		return STATUS_OK;
	return error_set(err, STATUS_FORMAT, "no such colour: %.40s; nearest is %s",
			 *named ? named : text, nearest_color(*named ? named : text));
}

static enum status read_style(const struct json *palette, const struct json *node,
			      struct style *style, struct error *err)
{
	const struct json *attribute;
	enum status st = STATUS_OK;

	for (attribute = json_first(node); attribute && !st; attribute = json_next(attribute)) {
		const char *name = json_name(attribute);

		if (!strcmp(name, "fg"))
			st = read_color(palette, json_value(attribute), &style->fg, err);
		else if (!strcmp(name, "bg"))
			st = read_color(palette, json_value(attribute), &style->bg, err);
		else if (!strcmp(name, "bold"))
			style->bold = json_bool(attribute, "", false);
		else if (!strcmp(name, "dim"))
			style->dim = json_bool(attribute, "", false);
		else if (!strcmp(name, "underline"))
			style->underline = json_bool(attribute, "", false);
		else if (!strcmp(name, "reverse"))
			style->reverse = json_bool(attribute, "", false);
		else
			st = error_set(err, STATUS_FORMAT,
				       "no such attribute: %.40s; there are fg, bg, bold, dim, "
				       "underline, reverse",
				       name);
	}
	return st;
}

static enum status read_roles(const struct json *root, struct theme *theme, bool *set,
			      struct error *err)
{
	const struct json *palette = json_key(root, "palette"), *entry;

	for (entry = json_first(json_key(root, "roles")); entry; entry = json_next(entry)) {
		enum role role = role_find(json_name(entry));

		if (role == ROLES)
			return error_set(err, STATUS_FORMAT, "no such role: %.40s; nearest is %s",
					 json_name(entry), nearest_role(json_name(entry)));
		set[role] = true;
		if (read_style(palette, entry, &theme->styles[role], err)) {
			error_wrap(err, "role %s", role_name(role));
			return err ? err->code : STATUS_FORMAT;
		}
	}
	return STATUS_OK;
}

/* A parent may stand after its child in the table: follow the chain instead of one pass. */
static void fill_missing(struct theme *theme, const bool *set)
{
	enum role role;

	for (role = 0; role < ROLES; role++) {
		enum role from = role;

		while (!set[from] && role_parent(from) != from)
			from = role_parent(from);
		if (from != role)
			theme->styles[role] = theme->styles[from];
	}
}

enum status theme_parse(const char *yaml, size_t len, struct theme *ret_theme, struct error *err)
{
	struct json *root = yaml_parse(yaml, len, err);
	bool set[ROLES] = { false };
	struct theme theme = { 0 };
	enum status st;
	enum role role;

	if (!root)
		return STATUS_FORMAT;
	for (role = 0; role < ROLES; role++)
		theme.styles[role].fg = theme.styles[role].bg = COLOR_DEFAULT;
	snprintf(theme.name, sizeof(theme.name), "%s", json_key_text(root, "name"));
	st = read_roles(root, &theme, set, err);
	if (!st) {
		fill_missing(&theme, set);
		*ret_theme = theme;
	}
	json_free(root);
	return st;
}

void theme_default(struct theme *ret_theme)
{
	struct error err = ERROR_INIT;

	if (theme_parse((const char *)default_yaml, sizeof(default_yaml), ret_theme, &err))
		die("the theme compiled in is wrong: %s", err.text);
}

static const uint32_t sixteen[16] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static int32_t apart(uint32_t a, uint32_t b)
{
	int32_t r = (int32_t)(a >> 16 & 255) - (int32_t)(b >> 16 & 255);
	int32_t g = (int32_t)(a >> 8 & 255) - (int32_t)(b >> 8 & 255);
	int32_t l = (int32_t)(a & 255) - (int32_t)(b & 255);

	return r * r + g * g + l * l;
}

/* Color of index 16 to 255: a 6x6x6 cube and a ramp of greys. */
static uint32_t cube_color(int index)
{
	static const uint32_t levels[] = { 0, 95, 135, 175, 215, 255 };

	if (index >= 232)
		return (uint32_t)(8 + (index - 232) * 10) * 0x010101;
	index -= 16;
	return levels[index / 36] << 16 | levels[index / 6 % 6] << 8 | levels[index % 6];
}

static int32_t reduce_color(int32_t color, enum depth depth)
{
	int best = 0, i, from = depth == DEPTH_256 ? 16 : 0, to = depth == DEPTH_256 ? 256 : 16;

	if (color == COLOR_DEFAULT)
		return COLOR_DEFAULT;
	if (color >= INDEXED)
		return color - INDEXED;
	best = from;
	for (i = from; i < to; i++) {
		uint32_t candidate = i < 16 ? sixteen[i] : cube_color(i);
		uint32_t so_far = best < 16 ? sixteen[best] : cube_color(best);

		if (apart(candidate, (uint32_t)color) < apart(so_far, (uint32_t)color))
			best = i;
	}
	return best;
}

/* Without colour a few roles must still stand out (design/screens.md 2.3). */
static struct style mono(const struct style *style, enum role role)
{
	struct style out = { COLOR_DEFAULT, COLOR_DEFAULT,    style->bold,
			     false,	    style->underline, style->reverse };

	if (role == ROLE_DANGER || role == ROLE_BAD || role == ROLE_HEADING || role == ROLE_KEY ||
	    role == ROLE_TAB_CURRENT)
		out.bold = true;
	if (role == ROLE_SELECTED || role == ROLE_SELECTED_UNFOCUSED || role == ROLE_INPUT_FOCUS ||
	    role == ROLE_BUTTON_FOCUS || role == ROLE_MATCH_CURRENT)
		out.reverse = true;
	return out;
}

struct style theme_reduce(const struct style *style, enum role role, enum depth depth)
{
	struct style out = *style;

	if (depth == DEPTH_MONO)
		return mono(style, role);
	out.fg = reduce_color(style->fg, depth);
	out.bg = reduce_color(style->bg, depth);
	return out;
}
