#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/practice/kots_backup.h"
#include "backend/practice/seed.h"

#include <inttypes.h>
#include <stdlib.h>

#define CHUNK (256 * 1024)

/* What lies in a volume, with pace real and fast: before the update, and what the update brought.
 */
static const struct files {
	const char *claim, *path;		    /* path with one %d */
	int kilobytes, fast_kilobytes, count, more; /* more: those the new state adds */
	bool text, changes; /* changes: the content is another in the new state */
} files[] = {
	{ "data-postgres-0", "PG_VERSION.%d", 1, 1, 1, 0, true, false },
	{ "data-postgres-0", "base/16384/%d", 8192, 256, 4, 0, false, false },
	{ "data-postgres-0", "base/16384/%d_fsm", 24, 8, 6, 1, false, true },
	{ "data-postgres-0", "pg_wal/00000001000000000000000%d", 2048, 64, 1, 1, false, true },
	{ "data-clickhouse-0", "store/events/20261%d_all/data.bin", 6144, 192, 5, 0, false, false },
	{ "data-clickhouse-0", "store/events/20261%d_all/columns.txt", 2, 2, 5, 0, true, false },
	{ "data-clickhouse-0", "store/events/current_%d/data.bin", 2048, 64, 1, 1, false, true },
	{ "uploads", "reports/2026-%02d.csv", 512, 32, 9, 1, true, false },
	{ "uploads", "images/chart-%d.png", 1024, 48, 14, 2, false, false },
	{ "uploads", "reports/latest-%d.csv", 256, 16, 2, 0, true, true },
};
static const struct files gateway_files[] = {
	{ "routes", "routes.d/service-%d.csv", 16, 4, 6, 0, true, false },
	{ "routes", "certificates/edge-%d.der", 8, 2, 2, 0, false, false },
	{ "routes", "cache/answers-%d.bin", 2048, 64, 1, 0, false, false },
};

void seed_fill(unsigned char *bytes, size_t len, uint64_t seed)
{
	uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 0x2545F4914F6CDD1DULL;
	size_t i;

	for (i = 0; i < len; i++) {
		if (i % 8 == 0) { /* xorshift64* */
			state ^= state >> 12;
			state ^= state << 25;
			state ^= state >> 27;
		}
		bytes[i] = (unsigned char)(state * 0x2545F4914F6CDD1DULL >> (8 * (i % 8)));
	}
}

/* Lines a person can read, so that a restored file can be looked at. */
static void add_text(struct strbuf *out, size_t len, uint64_t seed)
{
	static const char *const events[] = { "page_view", "sign_up", "export", "login", "query" };
	uint64_t row = 0;

	strbuf_adds(out, "row,event,account,milliseconds\n");
	for (; out->len < len; row++) {
		uint64_t mixed = (seed + row) * 0x9E3779B97F4A7C15ULL;

		strbuf_addf(out, "%" PRIu64 ",%s,acme-%03u,%u\n", row,
			    events[(mixed >> 33) % ARRAY_SIZE(events)],
			    (unsigned)(mixed >> 40 & 511), (unsigned)(mixed >> 20 & 4095));
	}
	strbuf_cut(out, len);
}

static void add_binary(struct strbuf *out, size_t len, uint64_t seed)
{
	unsigned char *chunk = mem_alloc(CHUNK);
	size_t part;

	while (len > 0) {
		part = len < CHUNK ? len : CHUNK;
		seed_fill(chunk, part, seed++);
		strbuf_add(out, chunk, part);
		len -= part;
	}
	free(chunk);
}

/* The format comes from the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void add_name(struct strbuf *path, const char *format, int number)
{
	strbuf_addf(path, format, number);
}
#pragma GCC diagnostic pop

static enum status put_file(struct world *world, const struct files *kind, int number,
			    uint64_t seed, struct error *err)
{
	size_t len = (size_t)(world->fast ? kind->fast_kilobytes : kind->kilobytes) * 1024;
	struct strbuf path = STRBUF_INIT, content = STRBUF_INIT;
	enum status st;
	size_t folder;

	world_add_path(world, &path, "volumes/" KOTS_NAMESPACE "/%s/", kind->claim);
	add_name(&path, kind->path, number);
	strbuf_reserve(&content, len + 1);
	if (kind->text)
		add_text(&content, len, seed);
	else
		add_binary(&content, len, seed);
	for (folder = path.len; path.buf[folder] != '/';)
		folder--;
	path.buf[folder] = '\0';
	st = file_make_dirs(path.buf, 0700, err);
	path.buf[folder] = '/';
	if (!st)
		st = file_replace(path.buf, content.buf, content.len, 0600, err);
	strbuf_done(&path);
	strbuf_done(&content);
	return st;
}

static enum status put_files(struct world *world, const struct files *kind, enum seed_state state,
			     uint64_t seed, struct error *err)
{
	int n = state == SEED_OLD || kind->changes ? 0 : kind->count;
	int last = kind->count + (state == SEED_OLD ? 0 : kind->more);
	enum status st = STATUS_OK;

	for (; n < last && !st; n++)
		st = put_file(world, kind, n,
			      (seed + (uint64_t)n) * 64 + (state == SEED_OLD ? 0 : 7919), err);
	return st;
}

enum status seed_files(struct world *world, enum seed_state state, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files) && !st; i++)
		st = put_files(world, &files[i], state, i * 1000, err);
	return st;
}

enum status seed_gateway_files(struct world *world, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gateway_files) && !st; i++)
		st = put_files(world, &gateway_files[i], SEED_OLD, (ARRAY_SIZE(files) + i) * 1000,
			       err);
	return st;
}
