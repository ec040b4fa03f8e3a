#include "backend/kube/splitter.h"

#include "backend/base/json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static bool add_piece(void *arg, const char *text, size_t len)
{
	struct strbuf *out = arg;

	strbuf_add(out, text, len);
	strbuf_addc(out, '|');
	return true;
}

/* list, its items joined by '|', what is left */
static const struct {
	const char *list, *items, *frame;
} lists[] = {
	{ "{\"items\":[],\"metadata\":{\"resourceVersion\":\"7\"}}", "",
	  "{\"items\":[],\"metadata\":{\"resourceVersion\":\"7\"}}" },
	{ "{\"kind\":\"BackupList\",\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[{\"a\":1},"
	  "{\"b\":{}}]}\n",
	  "{\"a\":1}|{\"b\":{}}|",
	  "{\"kind\":\"BackupList\",\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[]}" },
	{ "{ \"items\" : [ {\"a\":\"]}{[\\\"\\\\\"} ,\n {\"a\":[[1],{\"items\":[2]}]} ] , \"x\":1 "
	  "}",
	  "{\"a\":\"]}{[\\\"\\\\\"}|{\"a\":[[1],{\"items\":[2]}]}|",
	  "{ \"items\" : [] , \"x\":1 }" },
	{ "{\"other\":[{\"a\":1}],\"meta\":{\"items\":[{\"b\":1}]},\"items\":[{\"c\":1}]}",
	  "{\"c\":1}|", "{\"other\":[{\"a\":1}],\"meta\":{\"items\":[{\"b\":1}]},\"items\":[]}" },
	{ "{\"items\":[{\"metadata\":{\"name\":\"a\",\"managedFields\":[{\"f\":{\"x\":\"]\"}},[]],"
	  "\"uid\":\"b\"},\"c\":[1]},{\"d\":1}]}",
	  "{\"metadata\":{\"name\":\"a\",\"managedFields\":[],\"uid\":\"b\"},\"c\":[1]}|{\"d\":1}|",
	  "{\"items\":[]}" },
	{ "{\"items\":[{\"metadata\":{\"x\":\",\\\"managedFields\\\":[\"},\"s\":{\"t\":{"
	  "\"managedFields\":[1]}},\"managedFields\":[2]}]}",
	  "{\"metadata\":{\"x\":\",\\\"managedFields\\\":[\"},\"s\":{\"t\":{\"managedFields\":[1]}}"
	  ","
	  "\"managedFields\":[2]}|",
	  "{\"items\":[]}" },
	{ "{\"items\":[{\"spec\":{\"a\":1,\"tags\":{\"x\":{\"y\":\"}\"}},\"b\":[{}],\"tag\":{\"z\":"
	  "1}}}]}",
	  "{\"spec\":{\"a\":1,\"tags\":{},\"b\":[{}],\"tag\":{\"z\":1}}}|", "{\"items\":[]}" },
	{ "{\"k\":\"\\\"items\\\":\",\"items\":null}", "",
	  "{\"k\":\"\\\"items\\\":\",\"items\":null}" },
};

static enum status split(const char *list, size_t piece, struct list_splitter *splitter,
			 struct strbuf *items, struct error *err)
{
	size_t len = strlen(list), at;
	enum status st = STATUS_OK;

	for (at = 0; !st && at < len; at += piece)
		st = list_splitter_feed(splitter, list + at, piece < len - at ? piece : len - at,
					add_piece, items, err);
	return st ? st : list_splitter_end(splitter, err);
}

Test(list_splitter, items_are_the_same_however_the_bytes_are_cut)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		for (size_t piece = 1; piece < strlen(lists[i].list) + 2; piece++) {
			struct strbuf items = STRBUF_INIT;
			struct list_splitter splitter;
			struct error err = ERROR_INIT;

			list_splitter_init(&splitter, 4096);
			cr_expect(zero(int,
				       (int)split(lists[i].list, piece, &splitter, &items, &err)),
				  "list %zu by %zu: %s", i, piece, err.text);
			cr_expect(zero(int, strcmp(items.buf, lists[i].items)),
				  "list %zu by %zu: %s", i, piece, items.buf);
			cr_expect(zero(int, strcmp(splitter.frame.buf, lists[i].frame)),
				  "list %zu by %zu: %s", i, piece, splitter.frame.buf);
			list_splitter_done(&splitter);
			strbuf_done(&items);
		}
	}
}

/* what is no list, the code, part of the words */
static const struct {
	const char *text;
	enum status code;
	const char *words;
} broken[] = {
	{ "", STATUS_PROTOCOL, "no list" },
	{ "<html><body>Log in</body></html>", STATUS_PROTOCOL, "no list" },
	{ "[1,2]", STATUS_PROTOCOL, "no list" },
	{ "{\"items\":[{\"a\":1},", STATUS_PROTOCOL, "cut short" },
	{ "{\"items\":[{\"a\":\"x", STATUS_PROTOCOL, "cut short" },
	{ "{\"items\":[{\"a\":1}", STATUS_PROTOCOL, "cut short" },
	{ "{\"items\":[1,2]}", STATUS_PROTOCOL, "no list" },
	{ "{\"items\":[\"x\"]}", STATUS_PROTOCOL, "no list" },
	{ "{\"items\":[{}]}}", STATUS_PROTOCOL, "no list" },
	{ "{\"items\":[{}]} tail", STATUS_PROTOCOL, "no list" },
	{ "}", STATUS_PROTOCOL, "no list" },
};

Test(list_splitter, what_is_no_whole_list_is_told)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		for (size_t piece = 1; piece < 30; piece += 4) {
			struct strbuf items = STRBUF_INIT;
			struct list_splitter splitter;
			struct error err = ERROR_INIT;

			list_splitter_init(&splitter, 4096);
			cr_expect(eq(int,
				     (int)split(broken[i].text, piece, &splitter, &items, &err),
				     (int)broken[i].code),
				  "%s", broken[i].text);
			cr_expect(strstr(err.text, broken[i].words) != NULL, "%s: %s",
				  broken[i].text, err.text);
			list_splitter_done(&splitter);
			strbuf_done(&items);
		}
	}
}

/* Damage of any kind gives the same end however the bytes are cut (and the sanitizers watch the
 * bounds). */
Test(list_splitter, damaged_lists_end_the_same_however_the_bytes_are_cut)
{
	static const char odd[] = "{}[]\"\\,: x";
	unsigned dice = 12345;

	for (int round = 0; round < 3000; round++) {
		struct strbuf whole = STRBUF_INIT, pieces = STRBUF_INIT;
		struct list_splitter a, b;
		struct error err_a = ERROR_INIT, err_b = ERROR_INIT;
		char list[256];
		enum status st;

		strcpy(list, lists[round % ARRAY_SIZE(lists)].list);
		for (int k = 0; k <= round % 3; k++) {
			dice = dice * 1103515245u + 12345u;
			list[(dice >> 8) % strlen(list)] = odd[(dice >> 20) % (sizeof(odd) - 1)];
		}
		list_splitter_init(&a, 64);
		list_splitter_init(&b, 64);
		st = split(list, sizeof(list), &a, &whole, &err_a);
		cr_expect(eq(int, (int)split(list, 1 + (dice >> 12) % 7, &b, &pieces, &err_b),
			     (int)st),
			  "%s", list);
		cr_expect(zero(int, strcmp(whole.buf, pieces.buf)), "%s", list);
		cr_expect(zero(int, strcmp(err_a.text, err_b.text)), "%s", list);
		list_splitter_done(&a);
		list_splitter_done(&b);
		strbuf_done(&whole);
		strbuf_done(&pieces);
	}
}

/* A hundred MB in one annotation: given up at the ceiling, not gathered. */
Test(list_splitter, an_endless_object_meets_the_ceiling)
{
	static char letters[65536];
	struct strbuf items = STRBUF_INIT;
	struct list_splitter splitter;
	struct error err = ERROR_INIT;
	enum status st;
	size_t fed = 0;

	memset(letters, 'x', sizeof(letters));
	list_splitter_init(&splitter, 1024 * 1024);
	st = list_splitter_feed(&splitter, "{\"items\":[{\"a\":\"", 15, add_piece, &items, &err);
	for (; !st && fed < 100u * 1024 * 1024; fed += sizeof(letters))
		st = list_splitter_feed(&splitter, letters, sizeof(letters), add_piece, &items,
					&err);
	cr_expect(eq(int, (int)st, STATUS_TOO_LARGE));
	cr_expect(le(sz, fed, 1024 * 1024 + sizeof(letters)));
	cr_expect(le(sz, splitter.item.capacity, 4 * 1024 * 1024));
	list_splitter_done(&splitter);

	list_splitter_init(&splitter, 1024 * 1024);
	st = list_splitter_feed(&splitter, "{\"kind\":\"", 9, add_piece, &items, &err);
	for (fed = 0; !st && fed < 100u * 1024 * 1024; fed += sizeof(letters))
		st = list_splitter_feed(&splitter, letters, sizeof(letters), add_piece, &items,
					&err);
	cr_expect(eq(int, (int)st, STATUS_TOO_LARGE), "the frame has a ceiling, too");
	list_splitter_done(&splitter);
	strbuf_done(&items);
}

Test(list_splitter, endless_brackets_meet_a_ceiling)
{
	struct strbuf items = STRBUF_INIT;
	struct list_splitter splitter;
	struct error err = ERROR_INIT;
	enum status st = STATUS_OK;

	list_splitter_init(&splitter, 1024 * 1024);
	st = list_splitter_feed(&splitter, "{\"items\":[", 10, add_piece, &items, &err);
	for (int i = 0; !st && i < 100000; i++)
		st = list_splitter_feed(&splitter, "{\"a\":", 5, add_piece, &items, &err);
	cr_expect(eq(int, (int)st, STATUS_PROTOCOL));
	list_splitter_done(&splitter);
	strbuf_done(&items);
}

static bool refuse(void *arg, const char *text, size_t len)
{
	(void)text;
	(void)len;
	++*(int *)arg;
	return false;
}

Test(list_splitter, whoever_says_stop_gets_no_second_item)
{
	static const char list[] = "{\"items\":[{},{},{}]}";
	struct list_splitter splitter;
	struct error err = ERROR_INIT;
	int count = 0;

	list_splitter_init(&splitter, 4096);
	cr_expect(eq(int,
		     (int)list_splitter_feed(&splitter, list, strlen(list), refuse, &count, &err),
		     STATUS_CANCELLED));
	cr_expect(eq(int, count, 1));
	list_splitter_done(&splitter);
}

Test(line_splitter, lines_are_the_same_however_the_bytes_are_cut)
{
	static const char text[] = "{\"type\":\"ADDED\"}\n\r\n\n{\"x\":\"a\\nb\"}\r\nlast\nhalf";

	for (size_t piece = 1; piece < sizeof(text); piece++) {
		struct strbuf lines = STRBUF_INIT;
		struct line_splitter splitter;
		struct error err = ERROR_INIT;
		size_t len = strlen(text);

		line_splitter_init(&splitter, 4096);
		for (size_t at = 0; at < len; at += piece)
			cr_assert(zero(int,
				       (int)line_splitter_feed(&splitter, text + at,
							       piece < len - at ? piece : len - at,
							       add_piece, &lines, &err)));
		cr_expect(zero(int,
			       strcmp(lines.buf, "{\"type\":\"ADDED\"}|{\"x\":\"a\\nb\"}|last|")),
			  "by %zu: %s", piece, lines.buf);
		line_splitter_done(&splitter);
		strbuf_done(&lines);
	}
}

Test(line_splitter, an_endless_line_meets_the_ceiling)
{
	struct line_splitter splitter;
	struct error err = ERROR_INIT;
	struct strbuf lines = STRBUF_INIT;
	enum status st = STATUS_OK;
	int fed = 0;

	line_splitter_init(&splitter, 1000);
	for (; !st && fed < 1000000; fed += 10)
		st = line_splitter_feed(&splitter, "xxxxxxxxxx", 10, add_piece, &lines, &err);
	cr_expect(eq(int, (int)st, STATUS_TOO_LARGE));
	cr_expect(le(int, fed, 1020));
	line_splitter_done(&splitter);
	strbuf_done(&lines);
}
