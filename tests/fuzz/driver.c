/* driver FOLDER [ROUNDS]: each file of the folder as it is, then so many mutations of each, always
 * the same ones. For compilers without libFuzzer, and for every run of the tests. */
#include "tests/fuzz/fuzz.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"

#include <dirent.h>

#define SEEDS_MOST 64
#define LARGEST	   4096
#define ROUNDS	   2000

static uint64_t dice(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Bytes that parsers care about. */
static const char telling[] =
	"{}[]\":,\\'\n\t -#&*!|>%@`~0123456789.eE+TZhms/=<>!\x00\x1b\x7f\x80\x9b\xc2"
	"\xe2\xed\xf0\xff";

static void mutate(struct strbuf *text, const struct strbuf *other, uint64_t *state)
{
	size_t at = text->len ? dice(state) % text->len : 0, len;

	switch (dice(state) % 6) {
	case 0: /* another byte */
		if (text->len)
			text->buf[at] = telling[dice(state) % (sizeof(telling) - 1)];
		break;
	case 1: /* a bit */
		if (text->len)
			text->buf[at] = (char)(text->buf[at] ^ (1 << dice(state) % 8));
		break;
	case 2: /* cut short */
		strbuf_cut(text, at);
		break;
	case 3: /* begun later */
		strbuf_drop(text, at);
		break;
	case 4: /* a piece twice */
		len = text->len - at < 32 ? text->len - at : 32;
		strbuf_reserve(text, len);
		strbuf_add(text, text->buf + at, len);
		break;
	default: /* the end of another */
		strbuf_cut(text, at);
		at = other->len ? dice(state) % other->len : 0;
		strbuf_add(text, other->buf + at, other->len - at);
	}
	strbuf_cut(text, LARGEST);
}

static size_t read_seeds(const char *folder, struct strbuf seeds[SEEDS_MOST])
{
	const struct dirent *entry;
	DIR *dir = opendir(folder);
	size_t count = 0;

	while (dir && count < SEEDS_MOST && (entry = readdir(dir))) {
		struct strbuf path = STRBUF_INIT;
		struct error err = ERROR_INIT;

		strbuf_init(&seeds[count]);
		strbuf_addf(&path, "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.' &&
		    file_read(path.buf, 1 << 20, &seeds[count], &err) == STATUS_OK)
			count++;
		strbuf_done(&path);
	}
	if (dir)
		closedir(dir);
	return count;
}

static void run(const struct strbuf *text)
{
	LLVMFuzzerTestOneInput((const uint8_t *)text->buf, text->len);
}

int main(int argc, char **argv)
{
	long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : ROUNDS;
	struct strbuf seeds[SEEDS_MOST];
	size_t count = argc > 1 ? read_seeds(argv[1], seeds) : 0;
	uint64_t state = 0x9e3779b97f4a7c15;

	for (size_t i = 0; i < count; i++)
		run(&seeds[i]);
	for (size_t i = 0; i < count; i++) {
		struct strbuf text = STRBUF_INIT;

		for (long round = 0; round < rounds; round++) {
			if (round % 8 == 0) { /* a short chain of mutations, then anew */
				strbuf_reset(&text);
				strbuf_add(&text, seeds[i].buf, seeds[i].len);
			}
			mutate(&text, &seeds[dice(&state) % count], &state);
			run(&text);
		}
		strbuf_done(&text);
	}
	for (size_t i = 0; i < count; i++)
		strbuf_done(&seeds[i]);
	if (count == 0)
		fprintf(stderr, "no seeds in %s\n", argc > 1 ? argv[1] : "(no folder)");
	return count == 0;
}
