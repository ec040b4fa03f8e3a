#include "backend/kube/x509.h"

#include "backend/base/clock.h"
#include "backend/base/strbuf.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum tag {
	TAG_INTEGER = 0x02,
	TAG_UTC_TIME = 0x17,
	TAG_GENERALIZED_TIME = 0x18,
	TAG_SEQUENCE = 0x30,
	TAG_VERSION = 0xa0,
};

/* DER still to be read. */
struct der {
	const unsigned char *at;
	size_t len;
};

/* Takes one element off; its content. false when the bytes do not hold a whole one. */
static bool der_take(struct der *in, int *ret_tag, struct der *ret_content)
{
	size_t len, used = 2, i, count;

	if (in->len < 2)
		return false;
	len = in->at[1];
	if (len & 0x80) {
		count = len & 0x7f;
		if (count == 0 || count > 4 || in->len < 2 + count)
			return false;
		for (len = 0, i = 0; i < count; i++)
			len = len << 8 | in->at[2 + i];
		used += count;
	}
	if (len > in->len - used)
		return false;
	*ret_tag = in->at[0];
	*ret_content = (struct der){ in->at + used, len };
	in->at += used + len;
	in->len -= used + len;
	return true;
}

static bool der_take_tag(struct der *in, int tag, struct der *ret_content)
{
	int found;

	return der_take(in, &found, ret_content) && found == tag;
}

/* "260301120000Z" (before 2050) or "20560301120000Z". */
static int64_t read_time(int tag, const struct der *text)
{
	char digits[16] = "20", rfc3339[32];
	size_t skip = tag == TAG_UTC_TIME ? 2 : 0, i;

	if ((tag != TAG_UTC_TIME && tag != TAG_GENERALIZED_TIME) || text->len < 14 - skip)
		return 0;
	memcpy(digits + skip, text->at, 14 - skip);
	for (i = 0; i < 14; i++)
		if (digits[i] < '0' || digits[i] > '9')
			return 0;
	snprintf(rfc3339, sizeof(rfc3339), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", digits, digits + 4,
		 digits + 6, digits + 8, digits + 10, digits + 12);
	return clock_parse_rfc3339(rfc3339);
}

/* Certificate { tbs { [version], serial, algorithm, issuer, validity { notBefore, notAfter } ...
 * (RFC 5280, 4.1) */
static int64_t read_not_after(struct der in)
{
	struct der certificate, tbs, part, validity, time;
	int tag;

	if (!der_take_tag(&in, TAG_SEQUENCE, &certificate) ||
	    !der_take_tag(&certificate, TAG_SEQUENCE, &tbs) || !der_take(&tbs, &tag, &part))
		return 0;
	if (tag == TAG_VERSION && !der_take(&tbs, &tag, &part))
		return 0;
	if (tag != TAG_INTEGER || !der_take_tag(&tbs, TAG_SEQUENCE, &part) ||
	    !der_take_tag(&tbs, TAG_SEQUENCE, &part) ||
	    !der_take_tag(&tbs, TAG_SEQUENCE, &validity) || !der_take(&validity, &tag, &time) ||
	    !der_take(&validity, &tag, &time))
		return 0;
	return read_time(tag, &time);
}

int64_t x509_not_after(const char *pem)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	const char *start = pem ? strstr(pem, begin) : NULL, *end;
	struct strbuf text = STRBUF_INIT, der = STRBUF_INIT;
	int64_t when = 0;

	end = start ? strstr(start, "-----END") : NULL;
	if (!end)
		return 0;
	for (start += sizeof(begin) - 1; start < end; start++)
		if (!strchr("\r\n \t", *start))
			strbuf_addc(&text, *start);
	if (!strbuf_add_unbase64(&der, text.buf, text.len, NULL))
		when = read_not_after((struct der){ (const unsigned char *)der.buf, der.len });
	strbuf_done(&text);
	strbuf_done(&der);
	return when;
}
