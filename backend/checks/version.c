#include "backend/checks/version.h"

#include "backend/base/status.h"

#include <ctype.h>
#include <stddef.h>

#define ANY 9999

/* Newest first. Below 1.117.3 the documentation's older edition. */
static const struct version_pair pairs[] = {
	{ { 1, 130, 7 }, { 1, 11, 0 }, { 1, 18, ANY }, "1.18.x", false },
	{ { 1, 125, 2 }, { 1, 11, 0 }, { 1, 16, 2 }, "1.16.2", false },
	{ { 1, 125, 0 }, { 1, 11, 0 }, { 1, 16, 1 }, "1.16.1", false },
	{ { 1, 124, 18 }, { 1, 11, 0 }, { 1, 16, 0 }, "1.16.0", false },
	{ { 1, 124, 0 }, { 1, 11, 0 }, { 1, 15, 2 }, "1.15.2", false },
	{ { 1, 123, 1 }, { 1, 11, 0 }, { 1, 15, 1 }, "1.15.1", false },
	{ { 1, 117, 3 }, { 1, 11, 0 }, { 1, 14, 1 }, "1.14.1", false },
	{ { 1, 94, 1 }, { 1, 6, 0 }, { 1, 12, ANY }, "1.12.x", true },
	{ { 1, 20, 3 }, { 1, 5, 1 }, { 1, 9, ANY }, "1.9.x", true },
	{ { 1, 15, 0 }, { 1, 2, 0 }, { 1, 2, 0 }, "1.2.0", true },
};

static const char *take_number(const char *at, int *ret_number)
{
	int number = 0;

	for (; isdigit((unsigned char)*at); at++)
		if (number < ANY)
			number = number * 10 + (*at - '0');
	*ret_number = number;
	return at;
}

bool version_parse(const char *text, struct version *ret_version)
{
	struct version version = { 0 };

	for (const char *at = text; *at; at++) {
		const char *end;

		if (!isdigit((unsigned char)*at))
			continue;
		end = take_number(at, &version.major);
		if (*end != '.' || !isdigit((unsigned char)end[1])) {
			at = end - 1;
			continue;
		}
		end = take_number(end + 1, &version.minor);
		if (*end == '.' && isdigit((unsigned char)end[1]))
			take_number(end + 1, &version.patch);
		*ret_version = version;
		return true;
	}
	return false;
}

int version_compare(struct version a, struct version b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	if (a.minor != b.minor)
		return a.minor < b.minor ? -1 : 1;
	return a.patch < b.patch ? -1 : a.patch > b.patch;
}

bool version_below(struct version version, int major, int minor)
{
	return version_compare(version, (struct version){ major, minor, 0 }) < 0;
}

bool version_pair_find(struct version kots, struct version_pair *ret_pair)
{
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (version_compare(kots, pairs[i].kots) < 0)
			continue;
		*ret_pair = pairs[i];
		return true;
	}
	return false;
}
