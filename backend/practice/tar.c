#include "backend/practice/tar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 512u

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
	char linkname[100], magic[6], version[2], uname[32], gname[32], devmajor[8], devminor[8];
	char prefix[155], rest[12];
};

_Static_assert(sizeof(struct header) == BLOCK, "a tar header is one block");

/* Cuts the name at a slash into prefix and name, as ustar does with long ones. */
static bool put_name(struct header *header, const char *name)
{
	size_t len = strlen(name);
	const char *slash = name;

	if (len <= sizeof(header->name)) {
		memcpy(header->name, name, len);
		return true;
	}
	while ((slash = strchr(slash + 1, '/'))) {
		if ((size_t)(slash - name) > sizeof(header->prefix))
			return false;
		if (strlen(slash + 1) > sizeof(header->name))
			continue;
		memcpy(header->prefix, name, (size_t)(slash - name));
		memcpy(header->name, slash + 1, strlen(slash + 1));
		return true;
	}
	return false;
}

static unsigned sum(const struct header *header)
{
	const unsigned char *bytes = (const unsigned char *)header;
	unsigned total = 0;
	size_t i;

	for (i = 0; i < BLOCK; i++)
		total += bytes[i];
	return total;
}

bool tar_add(struct strbuf *out, const char *name, const struct strbuf *content, int64_t mtime)
{
	static const char zeros[BLOCK];
	struct header header;

	memset(&header, 0, sizeof(header));
	if (!put_name(&header, name))
		return false;
	memcpy(header.mode, "0000644", 8);
	memcpy(header.uid, "0000000", 8);
	memcpy(header.gid, "0000000", 8);
	snprintf(header.size, sizeof(header.size), "%011llo", (unsigned long long)content->len);
	snprintf(header.mtime, sizeof(header.mtime), "%011llo",
		 (unsigned long long)mtime & 077777777777ULL);
	memset(header.checksum, ' ', sizeof(header.checksum));
	header.type = '0';
	memcpy(header.magic, "ustar", 6);
	memcpy(header.version, "00", 2);
	snprintf(header.checksum, sizeof(header.checksum), "%06o", sum(&header));
	header.checksum[7] = ' ';
	strbuf_add(out, &header, BLOCK);
	strbuf_add(out, content->buf, content->len);
	strbuf_add(out, zeros, (BLOCK - content->len % BLOCK) % BLOCK);
	return true;
}

void tar_end(struct strbuf *out)
{
	static const char zeros[2 * BLOCK];

	strbuf_add(out, zeros, sizeof(zeros));
}

static size_t octal(const char *digits, size_t len)
{
	size_t value = 0, i;

	for (i = 0; i < len && digits[i] >= '0' && digits[i] <= '7'; i++)
		value = value * 8 + (size_t)(digits[i] - '0');
	return value;
}

static bool is_sound(const struct header *header)
{
	struct header copy = *header;

	memset(copy.checksum, ' ', sizeof(copy.checksum));
	return header->name[0] && sum(&copy) == octal(header->checksum, sizeof(header->checksum));
}

bool tar_next(const char *archive, size_t len, size_t *offset, struct tar_entry *ret_entry)
{
	struct header header;
	size_t size;

	while (*offset + BLOCK <= len) {
		memcpy(&header, archive + *offset, BLOCK);
		size = octal(header.size, sizeof(header.size));
		if (!is_sound(&header) || size > len - *offset - BLOCK)
			return false;
		ret_entry->content = archive + *offset + BLOCK;
		ret_entry->len = size;
		*offset += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
		if (header.type != '0' && header.type != '\0')
			continue;
		snprintf(ret_entry->name, sizeof(ret_entry->name), "%.*s%s%.*s", 155, header.prefix,
			 header.prefix[0] ? "/" : "", 100, header.name);
		return true;
	}
	return false;
}
