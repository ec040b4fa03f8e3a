#include "backend/base/strbuf.h"

#include "backend/base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char strbuf_empty[1];

void strbuf_init(struct strbuf *sb)
{
	*sb = (struct strbuf)STRBUF_INIT;
}

void strbuf_done(struct strbuf *sb)
{
	if (sb->capacity)
		free(sb->buf);
	strbuf_init(sb);
}

void strbuf_reset(struct strbuf *sb)
{
	strbuf_cut(sb, 0);
}

char *strbuf_detach(struct strbuf *sb)
{
	char *text = sb->capacity ? sb->buf : mem_text("");

	strbuf_init(sb);
	return text;
}

void strbuf_reserve(struct strbuf *sb, size_t more)
{
	size_t wanted = sb->len + more + 1;

	if (more > SIZE_MAX / 2 - sb->len)
		die("out of memory (%zu bytes more)", more);
	if (wanted <= sb->capacity)
		return;
	if (wanted < sb->capacity * 2)
		wanted = sb->capacity * 2;
	if (wanted < 32)
		wanted = 32;
	sb->buf = mem_resize(sb->capacity ? sb->buf : NULL, wanted);
	sb->capacity = wanted;
	sb->buf[sb->len] = '\0';
}

void strbuf_add(struct strbuf *sb, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	strbuf_reserve(sb, len);
	memcpy(sb->buf + sb->len, bytes, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void strbuf_adds(struct strbuf *sb, const char *text)
{
	if (text)
		strbuf_add(sb, text, strlen(text));
}

void strbuf_addc(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list args)
{
	va_list again;
	int need;

	va_copy(again, args);
	need = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (need <= 0)
		return;
	strbuf_reserve(sb, (size_t)need);
	vsnprintf(sb->buf + sb->len, (size_t)need + 1, fmt, args);
	sb->len += (size_t)need;
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	strbuf_vaddf(sb, fmt, args);
	va_end(args);
}

void strbuf_cut(struct strbuf *sb, size_t len)
{
	if (len >= sb->len)
		return;
	sb->len = len;
	sb->buf[len] = '\0';
}

void strbuf_drop(struct strbuf *sb, size_t len)
{
	if (len == 0)
		return;
	if (len > sb->len)
		len = sb->len;
	memmove(sb->buf, sb->buf + len, sb->len - len);
	strbuf_cut(sb, sb->len - len);
}

void strbuf_add_encoded(struct strbuf *sb, const char *text)
{
	const unsigned char *p;

	for (p = (const unsigned char *)text; p && *p; p++) {
		if ((*p < 0x80 && isalnum(*p)) || strchr("-._~", *p))
			strbuf_addc(sb, (char)*p);
		else
			strbuf_addf(sb, "%%%02X", *p);
	}
}

void strbuf_query(struct strbuf *sb, const char *key, const char *value)
{
	if (!value)
		return;
	strbuf_addc(sb, strchr(sb->buf, '?') ? '&' : '?');
	strbuf_add_encoded(sb, key);
	strbuf_addc(sb, '=');
	strbuf_add_encoded(sb, value);
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void strbuf_add_base64(struct strbuf *sb, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	size_t i;

	strbuf_reserve(sb, (len + 2) / 3 * 4);
	for (i = 0; i < len; i += 3) {
		uint32_t group = (uint32_t)p[i] << 16;

		if (i + 1 < len)
			group |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < len)
			group |= p[i + 2];
		strbuf_addc(sb, base64_digits[group >> 18]);
		strbuf_addc(sb, base64_digits[group >> 12 & 63]);
		strbuf_addc(sb, i + 1 < len ? base64_digits[group >> 6 & 63] : '=');
		strbuf_addc(sb, i + 2 < len ? base64_digits[group & 63] : '=');
	}
}

enum status strbuf_add_unbase64(struct strbuf *sb, const char *text, size_t len, struct error *err)
{
	size_t start = sb->len, i, digits = 0;
	uint32_t group = 0;
	bool padded = false;

	for (i = 0; i < len; i++) {
		const char *digit = text[i] ? strchr(base64_digits, text[i]) : NULL;

		if (isspace((unsigned char)text[i]))
			continue;
		if (text[i] == '=') {
			padded = true;
			continue;
		}
		if (!digit || padded)
			goto bad;
		group = group << 6 | (uint32_t)(digit - base64_digits);
		if (++digits % 4 == 0) {
			const char three[] = { (char)(group >> 16), (char)(group >> 8),
					       (char)group };

			strbuf_add(sb, three, 3);
			group = 0;
		}
	}
	if (digits % 4 == 1)
		goto bad;
	if (digits % 4 == 2)
		strbuf_addc(sb, (char)(group >> 4));
	if (digits % 4 == 3) {
		strbuf_addc(sb, (char)(group >> 10));
		strbuf_addc(sb, (char)(group >> 2));
	}
	return STATUS_OK;
bad:
	strbuf_cut(sb, start);
	return error_set(err, STATUS_FORMAT, "not base64: wrong character at %zu", i);
}

bool text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), tail = strlen(suffix);

	return len >= tail && memcmp(text + len - tail, suffix, tail) == 0;
}

const char *text_find_nocase(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text || !len; text++) {
		if (strncasecmp(text, word, len) == 0)
			return text;
	}
	return NULL;
}

bool text_to_int(const char *text, long long *ret_value)
{
	long long value;
	char *end;

	if (!text || (!isdigit((unsigned char)*text) && *text != '-'))
		return false;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end || end == text)
		return false;
	*ret_value = value;
	return true;
}
