#include "backend/base/amount.h"

static const char *const byte_units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };

/* The unit in which `bytes` has at most three digits before the point, also when rounded. */
static size_t byte_unit(int64_t bytes, double *ret_scale)
{
	double scale = 1;
	size_t unit = 0;

	while (unit + 1 < ARRAY_SIZE(byte_units) && (double)bytes / scale >= 999.5) {
		scale *= 1024;
		unit++;
	}
	*ret_scale = scale;
	return unit;
}

static void add_scaled(struct strbuf *out, double value, size_t unit)
{
	int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;

	if (value < 0)
		strbuf_addc(out, '?');
	else
		strbuf_addf(out, "%.*f", decimals, value);
}

void amount_add_bytes(struct strbuf *out, int64_t bytes)
{
	double scale;
	size_t unit = byte_unit(bytes, &scale);

	add_scaled(out, (double)bytes / scale, unit);
	if (bytes >= 0)
		strbuf_addf(out, " %s", byte_units[unit]);
}

void amount_add_bytes_of(struct strbuf *out, int64_t done, int64_t total)
{
	double scale;
	size_t unit = byte_unit(total, &scale);

	if (total < 0) {
		amount_add_bytes(out, done);
		return;
	}
	add_scaled(out, (double)done / scale, unit);
	strbuf_addc(out, '/');
	add_scaled(out, (double)total / scale, unit);
	strbuf_addf(out, " %s", byte_units[unit]);
}

void amount_add_rate(struct strbuf *out, int64_t bytes_a_second)
{
	double scale;
	size_t unit = byte_unit(bytes_a_second, &scale);

	if (bytes_a_second < 0)
		strbuf_addc(out, '?');
	else
		strbuf_addf(out, "%.0f %s/s", (double)bytes_a_second / scale, byte_units[unit]);
}

void amount_add_count(struct strbuf *out, int64_t count)
{
	uint64_t rest = count < 0 ? 0 - (uint64_t)count : (uint64_t)count;
	char digits[32];
	int len = 0;

	if (count < 0)
		strbuf_addc(out, '-');
	do {
		digits[len++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	while (len-- > 0) {
		strbuf_addc(out, digits[len]);
		if (len > 0 && len % 3 == 0)
			strbuf_addc(out, ',');
	}
}

void amount_add_counted(struct strbuf *out, int64_t count, const char *noun)
{
	amount_add_count(out, count);
	strbuf_addf(out, " %s%s", noun, count == 1 ? "" : "s");
}
