#include "backend/base/sha256.h"
#include "backend/practice/collect.h"
#include "backend/practice/deflate.h"
#include "backend/practice/tar.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

#include <string.h>

Test(practice_files, an_archive_gives_back_what_was_put_in)
{
	struct strbuf archive = STRBUF_INIT, content = STRBUF_INIT;
	struct tar_entry entry;
	size_t offset = 0;
	char longer[300];

	memset(longer, 'd', sizeof(longer));
	longer[120] = '/';
	longer[200] = '\0';
	strbuf_adds(&content, "hello");
	cr_assert(tar_add(&archive, "a/b.json", &content, 1));
	cr_assert(tar_add(&archive, longer, &content, 1));
	tar_end(&archive);
	cr_assert(tar_next(archive.buf, archive.len, &offset, &entry));
	cr_assert(eq(str, entry.name, "a/b.json"));
	cr_assert(eq(int, memcmp(entry.content, "hello", 5), 0));
	cr_assert(tar_next(archive.buf, archive.len, &offset, &entry));
	cr_assert(eq(str, entry.name, longer));
	cr_assert(not(tar_next(archive.buf, archive.len, &offset, &entry)));
	strbuf_done(&archive);
	strbuf_done(&content);
}

Test(practice_files, a_cut_or_broken_archive_ends_the_reading)
{
	struct strbuf archive = STRBUF_INIT, content = STRBUF_INIT;
	struct tar_entry entry;
	size_t offset = 0;

	strbuf_adds(&content, "hello");
	(void)tar_add(&archive, "a", &content, 1);
	cr_expect(not(tar_next(archive.buf, 514, &offset, &entry)));
	offset = 0;
	archive.buf[124] = '7'; /* a size that is not there, and a wrong checksum */
	cr_expect(not(tar_next(archive.buf, archive.len, &offset, &entry)));
	strbuf_done(&archive);
	strbuf_done(&content);
}

Test(practice_files, sha256_gives_the_published_digests)
{
	char hex[SHA256_HEX], longer[57];

	sha256_hex("abc", 3, hex);
	cr_expect(eq(str, hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	memcpy(longer, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", sizeof(longer));
	sha256_hex(longer, 56, hex);
	cr_expect(eq(str, hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
}

Test(practice_files, gzip_is_undone_up_to_its_ceiling)
{
	struct strbuf text = STRBUF_INIT, back = STRBUF_INIT;

	strbuf_adds(&text, "some text, some text, some text");
	deflate_text(&text);
	cr_assert(eq(int, deflate_undo(text.buf, text.len, 1000, &back, NULL), STATUS_OK));
	cr_assert(eq(str, back.buf, "some text, some text, some text"));
	cr_expect(eq(int, deflate_undo(text.buf, text.len, 10, &back, NULL), STATUS_TOO_LARGE));
	cr_expect(eq(int, deflate_undo(text.buf, text.len - 9, 1000, &back, NULL), STATUS_FORMAT));
	cr_expect(eq(int, deflate_undo("plain", 5, 1000, &back, NULL), STATUS_FORMAT));
	strbuf_done(&text);
	strbuf_done(&back);
}

static struct json *object(const char *text)
{
	return json_parse(text, strlen(text), NULL);
}

Test(practice_files, the_contents_of_a_backup_are_read_back_once_each)
{
	struct collection saved = { 0 }, read = { 0 };
	struct strbuf archive = STRBUF_INIT, text = STRBUF_INIT;
	struct json *list;

	collection_add(&saved, kind_by_resource("pods"),
		       object("{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\"}}"));
	collection_add(&saved, kind_by_resource("namespaces"),
		       object("{\"metadata\":{\"name\":\"n\"}}"));
	collection_add_tar(&saved, 0, &archive);
	collection_read_tar(&archive, &read);
	cr_assert(eq(sz, read.count, 2));
	cr_assert_not_null(collection_find(&read, "pods", "n", "p"));
	list = collection_resource_list(&read);
	json_print(list, &text);
	cr_assert(eq(str, text.buf, "{\"v1/Namespace\":[\"n\"],\"v1/Pod\":[\"n/p\"]}"));
	json_free(list);
	collection_done(&saved);
	collection_done(&read);
	strbuf_done(&archive);
	strbuf_done(&text);
}
