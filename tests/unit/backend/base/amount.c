#include "backend/base/amount.h"

#include <criterion/criterion.h>

#define KIB INT64_C(1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)
#define TIB (GIB * 1024)

/* Texts gather in one buffer, so that a row is one comparison. */
#define SAYS(call, want)                                                                           \
	do {                                                                                       \
		struct strbuf out = STRBUF_INIT;                                                   \
		call;                                                                              \
		cr_expect_str_eq(out.buf, want, "%s: \"%s\", not \"%s\"", #call, out.buf, want);   \
		strbuf_done(&out);                                                                 \
	} while (0)

static const struct {
	int64_t bytes;
	const char *text;
} sizes[] = {
	{ 0, "0 B" },
	{ 1, "1 B" },
	{ 999, "999 B" },
	{ 1000, "0.98 KiB" },
	{ 1023, "1.00 KiB" },
	{ 1024, "1.00 KiB" },
	{ 10 * KIB - 6, "9.99 KiB" },
	{ 10 * KIB - 5, "10.0 KiB" },
	{ 100 * KIB - 52, "99.9 KiB" },
	{ 100 * KIB - 51, "100 KiB" },
	{ 999 * KIB + 511, "999 KiB" },
	{ 999 * KIB + 512, "0.98 MiB" },
	{ 410 * MIB, "410 MiB" },
	{ 719 * GIB / 10, "71.9 GiB" },
	{ 1126 * GIB, "1.10 TiB" },
	{ 2048 * TIB, "2.00 PiB" },
	{ INT64_MAX, "8.00 EiB" },
	{ -1, "?" },
	{ INT64_MIN, "?" },
};

Test(amount, bytes_have_three_digits_at_every_edge)
{
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		SAYS(amount_add_bytes(&out, sizes[i].bytes), sizes[i].text);
}

Test(amount, both_of_a_progress_are_in_the_unit_of_the_total)
{
	SAYS(amount_add_bytes_of(&out, 15 * GIB, 246 * GIB / 10), "15.0/24.6 GiB");
	SAYS(amount_add_bytes_of(&out, 0, 246 * GIB / 10), "0.00/24.6 GiB");
	SAYS(amount_add_bytes_of(&out, 0, 0), "0/0 B");
	SAYS(amount_add_bytes_of(&out, 999, 1000), "0.98/0.98 KiB");
	SAYS(amount_add_bytes_of(&out, 2000 * KIB, 999 * KIB), "2000/999 KiB");
	SAYS(amount_add_bytes_of(&out, INT64_MAX, INT64_MAX), "8.00/8.00 EiB");
}

Test(amount, what_is_not_known_is_not_made_up)
{
	SAYS(amount_add_bytes_of(&out, -1, GIB), "?/1.00 GiB");
	SAYS(amount_add_bytes_of(&out, GIB, -1), "1.00 GiB");
	SAYS(amount_add_rate(&out, -1), "?");
}

Test(amount, rates_have_no_decimals)
{
	SAYS(amount_add_rate(&out, 0), "0 B/s");
	SAYS(amount_add_rate(&out, 999), "999 B/s");
	SAYS(amount_add_rate(&out, 1023), "1 KiB/s");
	SAYS(amount_add_rate(&out, 91 * MIB + MIB / 4), "91 MiB/s");
	SAYS(amount_add_rate(&out, INT64_MAX), "8 EiB/s");
}

Test(amount, counts_are_grouped_by_three)
{
	SAYS(amount_add_count(&out, 0), "0");
	SAYS(amount_add_count(&out, 999), "999");
	SAYS(amount_add_count(&out, 1000), "1,000");
	SAYS(amount_add_count(&out, 1234567), "1,234,567");
	SAYS(amount_add_count(&out, -999), "-999");
	SAYS(amount_add_count(&out, -1000), "-1,000");
	SAYS(amount_add_count(&out, INT64_MAX), "9,223,372,036,854,775,807");
	SAYS(amount_add_count(&out, INT64_MIN), "-9,223,372,036,854,775,808");
}

Test(amount, one_is_singular)
{
	SAYS(amount_add_counted(&out, 0, "volume"), "0 volumes");
	SAYS(amount_add_counted(&out, 1, "volume"), "1 volume");
	SAYS(amount_add_counted(&out, 1204, "object"), "1,204 objects");
	SAYS(amount_add_counted(&out, -1, "object"), "-1 objects");
}
