#include "backend/net/inflate.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* gzip of "hello hello hello\n" */
static const unsigned char packed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9,
	0x57, 0xc8, 0x40, 0x90, 0x5c, 0x00, 0x3b, 0x7c, 0x8a, 0xdf, 0x12, 0x00, 0x00, 0x00,
};

static enum status feed_all(struct inflate *in, const void *bytes, size_t len, size_t piece,
			    struct strbuf *out, struct error *err)
{
	enum status st = STATUS_OK;

	for (size_t at = 0; !st && at < len; at += piece)
		st = inflate_feed(in, (const char *)bytes + at, piece < len - at ? piece : len - at,
				  out, err);
	return st ? st : inflate_end(in, err);
}

Test(inflate, pieces_of_any_size_give_the_same_text)
{
	for (size_t piece = 1; piece <= sizeof(packed); piece++) {
		struct inflate *in = inflate_new(1024);
		struct strbuf out = STRBUF_INIT;
		struct error err = ERROR_INIT;

		cr_expect(zero(int, (int)feed_all(in, packed, sizeof(packed), piece, &out, &err)));
		cr_expect(zero(int, strcmp(out.buf, "hello hello hello\n")));
		strbuf_done(&out);
		inflate_free(in);
	}
}

Test(inflate, text_that_was_never_packed_passes)
{
	const char *const texts[] = { "", "x", "plain text\n" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct inflate *in = inflate_new(1024);
		struct strbuf out = STRBUF_INIT;
		struct error err = ERROR_INIT;

		cr_expect(zero(int, (int)feed_all(in, texts[i], strlen(texts[i]), 3, &out, &err)));
		cr_expect(eq(str, out.buf, (char *)texts[i]));
		strbuf_done(&out);
		inflate_free(in);
	}
}

Test(inflate, a_file_that_was_cut_is_told)
{
	struct inflate *in = inflate_new(1024);
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;

	cr_expect(eq(int, (int)feed_all(in, packed, sizeof(packed) - 9, 4, &out, &err),
		     STATUS_FORMAT));
	cr_expect(strstr(err.text, "too early") != NULL, "%s", err.text);
	strbuf_done(&out);
	inflate_free(in);
}

Test(inflate, damage_is_told)
{
	unsigned char bad[sizeof(packed)];
	struct inflate *in = inflate_new(1024);
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;

	memcpy(bad, packed, sizeof(bad));
	bad[10] = 0xff;
	cr_expect(eq(int, (int)feed_all(in, bad, sizeof(bad), 64, &out, &err), STATUS_FORMAT));
	strbuf_done(&out);
	inflate_free(in);
}

Test(inflate, more_than_the_ceiling_is_refused)
{
	struct inflate *in = inflate_new(10);
	struct strbuf out = STRBUF_INIT;
	struct error err = ERROR_INIT;

	cr_expect(eq(int, (int)feed_all(in, packed, sizeof(packed), 64, &out, &err),
		     STATUS_TOO_LARGE));
	strbuf_done(&out);
	inflate_free(in);
}
