#include "backend/practice/kotsdb.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

static struct kotsdb *open_one(void)
{
	struct kotsdb *kotsdb = NULL;
	struct error err = ERROR_INIT;
	char path[128];

	snprintf(folder, sizeof(folder), "/tmp/kotsdb-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/kotsadm.db", folder);
	cr_assert(eq(int, kotsdb_open(path, "secret", &kotsdb, &err), STATUS_OK), "%s", err.text);
	return kotsdb;
}

static void remove_file(const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
}

static void close_one(struct kotsdb *kotsdb)
{
	kotsdb_close(kotsdb);
	remove_file("kotsadm.db");
	remove_file("kotsadm.db-wal");
	remove_file("kotsadm.db-shm");
	remove_file("image");
	rmdir(folder);
}

static struct json *parse(const char *text)
{
	return json_parse(text, strlen(text), NULL);
}

static void expect(struct json *results, const char *want)
{
	struct strbuf text = STRBUF_INIT;

	json_print(results, &text);
	cr_expect(eq(str, text.buf, (char *)(uintptr_t)want));
	strbuf_done(&text);
	json_free(results);
}

Test(practice_kotsdb, answers_as_rqlite_does)
{
	struct kotsdb *kotsdb = open_one();
	struct json *insert =
		parse("[[\"insert into kotsadm_params (key, value) values (?, ?)\",\"a\",\"1\"]]");
	struct json *select = parse(
		"[[\"select key, value from kotsadm_params where key = ?\",\"a\"],"
		"[\"select key from kotsadm_params where key = ?\",\"b\"],\"select nonsense\"]");

	expect(kotsdb_execute(kotsdb, insert), "[{\"last_insert_id\":1,\"rows_affected\":1}]");
	expect(kotsdb_query(kotsdb, select, false),
	       "[{\"columns\":[\"key\",\"value\"],\"types\":[\"text\",\"text\"],\"values\":[[\"a\","
	       "\"1\"]]},"
	       "{\"columns\":[\"key\"],\"types\":[\"text\"]},{\"error\":\"no such column: "
	       "nonsense\"}]");
	json_free(insert);
	json_free(select);
	close_one(kotsdb);
}

Test(practice_kotsdb, a_query_changes_nothing)
{
	struct kotsdb *kotsdb = open_one();
	struct json *write = parse("[\"delete from cluster\"]");

	expect(kotsdb_query(kotsdb, write, false),
	       "[{\"error\":\"attempt to change database via query operation\"}]");
	json_free(write);
	close_one(kotsdb);
}

static int status_of(struct kotsdb *kotsdb, const char *authorization)
{
	struct server_request request = { .method = "POST",
					  .path = "/db/query",
					  .authorization = authorization,
					  .content_type = "",
					  .accept = "",
					  .accept_encoding = "",
					  .range = "",
					  .host = "",
					  .body = "[]",
					  .body_len = 2 };
	struct route_reply reply;
	int status;

	route_reply_init(&reply);
	cr_assert(kotsdb_answer(kotsdb, &request, &reply));
	status = reply.status;
	route_reply_done(&reply);
	return status;
}

Test(practice_kotsdb, wants_its_password)
{
	struct kotsdb *kotsdb = open_one();

	cr_expect(eq(int, status_of(kotsdb, ""), 401));
	cr_expect(
		eq(int, status_of(kotsdb, "Basic a290c2FkbTp3cm9uZw=="), 401)); /* kotsadm:wrong */
	cr_expect(
		eq(int, status_of(kotsdb, "Basic a290c2FkbTpzZWNyZXQ="), 200)); /* kotsadm:secret */
	close_one(kotsdb);
}

Test(practice_kotsdb, an_image_brings_the_database_back)
{
	struct kotsdb *kotsdb = open_one();
	struct json *rows;
	char image[160];

	snprintf(image, sizeof(image), "%s/image", folder);
	cr_assert(eq(int,
		     kotsdb_run(kotsdb, "insert into kotsadm_params values ('a', '1')", NULL, NULL),
		     0));
	cr_assert(eq(int, kotsdb_save(kotsdb, image, NULL), 0));
	cr_assert(eq(int, kotsdb_run(kotsdb, "delete from kotsadm_params", NULL, NULL), 0));
	cr_assert(eq(int, kotsdb_load(kotsdb, image, NULL), 0));
	rows = kotsdb_rows(kotsdb, "select value from kotsadm_params", NULL);
	cr_expect(eq(sz, json_count(rows), 1));
	cr_expect(ne(int, kotsdb_load(kotsdb, "/dev/null", NULL), 0));
	json_free(rows);
	close_one(kotsdb);
}
