#include "backend/practice/server.h"
#include "tests/unit/backend/practice/objects_rig.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKUPS "/apis/velero.io/v1/namespaces/velero/backups"

static struct objects_rig rig;
static struct server *server;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t given = PTHREAD_COND_INITIALIZER;
static char new_token[200];

static void take_token(void *arg, const char *token)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	snprintf(new_token, sizeof(new_token), "%s", token);
	pthread_cond_signal(&given);
	pthread_mutex_unlock(&lock);
}

static bool answer_store(void *arg, const struct server_request *request,
			 struct route_reply *ret_reply)
{
	(void)arg;
	if (strcmp(request->path, "/store/file") != 0)
		return false;
	route_reply_text(ret_reply, 200, "application/octet-stream", "");
	ret_reply->file_path = strdup(rig.path);
	return true;
}

static const struct server_extra extras[] = {
	{ .prefix = "/store/", .open = true, .answer = answer_store },
};

static void open_server(void)
{
	struct server_spec spec = {
		.token = RIG_TOKEN,
		.fast = true,
		.extras = extras,
		.extra_count = 1,
		.token_changed = take_token,
	};
	struct error err = ERROR_INIT;

	objects_rig_open(&rig);
	spec.objects = rig.objects;
	spec.faults = &rig.faults;
	cr_assert_eq(server_start(&spec, &server, &err), STATUS_OK, "%s", err.text);
}

static void close_server(void)
{
	server_stop(server);
	objects_rig_close(&rig);
}

TestSuite(server_http, .init = open_server, .fini = close_server, .timeout = 30);

static int connect_to(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)server_port(server)),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert_not(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	return fd;
}

/* headers: each with its line end. */
static int send_request(const char *method, const char *target, const char *token,
			const char *headers)
{
	struct strbuf text = STRBUF_INIT;
	int fd = connect_to();

	strbuf_addf(&text, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s", method, target,
		    headers);
	if (*token)
		strbuf_addf(&text, "Authorization: Bearer %s\r\n", token);
	strbuf_adds(&text, "\r\n");
	cr_assert_eq(write(fd, text.buf, text.len), (ssize_t)text.len);
	strbuf_done(&text);
	return fd;
}

/* Reads until this text has come, or the end. */
static void read_until(int fd, const char *text, struct strbuf *out)
{
	char bytes[4096];
	ssize_t got;

	while (!*text || !strstr(out->buf, text)) {
		got = read(fd, bytes, sizeof(bytes));
		if (got <= 0)
			break;
		strbuf_add(out, bytes, (size_t)got);
	}
}

static void ask(const char *method, const char *target, const char *token, struct strbuf *out)
{
	int fd = send_request(method, target, token, "");

	strbuf_reset(out);
	read_until(fd, "", out);
	close(fd);
}

Test(server_http, a_watch_tells_what_happens_while_it_is_open)
{
	struct strbuf text = STRBUF_INIT;
	int fd = send_request("GET", BACKUPS "?watch=1&resourceVersion=2", RIG_TOKEN, "");

	objects_rig_create(&rig, "backups.velero.io", "velero", "live", "{}");
	read_until(fd, "\"live\"", &text);
	cr_assert(strstr(text.buf, "HTTP/1.1 200") != NULL);
	cr_assert(strstr(text.buf, "{\"type\":\"ADDED\"") != NULL);
	close(fd);
	strbuf_done(&text);
}

Test(server_http, a_cut_stream_ends_within_a_line_and_without_the_last_chunk)
{
	struct strbuf text = STRBUF_INIT;

	objects_rig_create(&rig, "backups.velero.io", "velero", "b", "{}");
	cr_assert_not(server_set_fault(server, "cut", NULL));
	ask("GET", BACKUPS "?watch=1", RIG_TOKEN, &text);
	cr_assert(strstr(text.buf, "{\"type\":\"ADDED\"") != NULL);
	cr_assert(strstr(text.buf, "}\n") == NULL);
	cr_assert_not(text_ends(text.buf, "0\r\n\r\n"));
	strbuf_done(&text);
}

Test(server_http, a_large_answer_is_packed_when_asked)
{
	struct strbuf text = STRBUF_INIT;
	char name[16];
	int fd, i;

	cr_assert_not(objects_begin(rig.objects, NULL));
	for (i = 0; i < 800; i++) {
		snprintf(name, sizeof(name), "b%d", i);
		objects_rig_create(&rig, "backups.velero.io", "velero", name, "{}");
	}
	cr_assert_not(objects_commit(rig.objects, NULL));
	fd = send_request("GET", BACKUPS, RIG_TOKEN, "Accept-Encoding: gzip\r\n");
	read_until(fd, "", &text);
	close(fd);
	cr_assert(strstr(text.buf, "Content-Encoding: gzip") != NULL);
	cr_assert(lt(sz, text.len, (size_t)(64 * 1024)));
	strbuf_done(&text);
}

Test(server_http, without_the_token_nothing_is_told)
{
	struct strbuf text = STRBUF_INIT;

	ask("GET", "/api/v1/namespaces", "", &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 403"));
	ask("GET", "/api/v1/namespaces", "wrong", &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 401"));
	ask("GET", "/token/wrong/api/v1/namespaces", "", &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 401"));
	ask("POST", "/practice/fault?name=stall", "", &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 401"));
	strbuf_done(&text);
}

Test(server_http, the_address_of_the_kubeconfig_carries_the_token)
{
	struct strbuf text = STRBUF_INIT;

	ask("GET", SERVER_TOKEN_PREFIX RIG_TOKEN "/api/v1/namespaces", "", &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 200"), "%s", text.buf);
	strbuf_done(&text);
}

Test(server_http, an_expired_token_is_followed_by_a_new_one)
{
	struct strbuf text = STRBUF_INIT;

	cr_assert_not(server_set_fault(server, "token", NULL));
	ask("GET", "/api/v1/namespaces", RIG_TOKEN, &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 401"));
	pthread_mutex_lock(&lock);
	while (!*new_token)
		pthread_cond_wait(&given, &lock);
	pthread_mutex_unlock(&lock);
	ask("GET", "/api/v1/namespaces", new_token, &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 200"));
	/* Whoever has the old one can still end the faults. */
	ask("POST", "/practice/fault?clear=true", RIG_TOKEN, &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 200"));
	strbuf_done(&text);
}

Test(server_http, faults_answer_as_they_say)
{
	static const struct {
		const char *fault, *answer;
	} rows[] = {
		{ "429", "HTTP/1.1 429" },
		{ "html", "Content-Type: text/html" },
		{ "403", "backups.velero.io is forbidden" },
		{ "slow", "HTTP/1.1 200" },
	};
	struct strbuf text = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf target = STRBUF_INIT;

		strbuf_addf(&target, "/practice/fault?name=%s", rows[i].fault);
		ask("POST", target.buf, RIG_TOKEN, &text);
		cr_expect(strstr(text.buf, rows[i].fault) != NULL);
		ask("GET", BACKUPS, RIG_TOKEN, &text);
		cr_expect(strstr(text.buf, rows[i].answer) != NULL, "%s: %s", rows[i].fault,
			  text.buf);
		ask("POST", "/practice/fault?clear=true", RIG_TOKEN, &text);
		strbuf_done(&target);
	}
	ask("GET", BACKUPS, RIG_TOKEN, &text);
	cr_expect(strstr(text.buf, "\"kind\":\"BackupList\"") != NULL);
	strbuf_done(&text);
}

Test(server_http, a_stalled_server_ends_all_the_same)
{
	int fd;

	cr_assert_not(server_set_fault(server, "stall", NULL));
	fd = send_request("GET", BACKUPS, RIG_TOKEN, "");
	server_stop(server);
	server = NULL;
	close(fd);
}

Test(server_http, an_unknown_fault_is_refused_with_the_known_ones)
{
	struct error err = ERROR_INIT;

	cr_assert(eq(int, server_set_fault(server, "earthquake", &err), STATUS_NOT_FOUND));
	cr_assert(strstr(err.hint, "stall, cut, 410") != NULL);
}

Test(server_http, a_taken_port_is_a_conflict)
{
	struct server_spec spec = {
		.objects = rig.objects,
		.faults = &rig.faults,
		.token = "x",
		.port = server_port(server),
	};
	struct server *second;
	struct error err = ERROR_INIT;

	cr_assert(eq(int, server_start(&spec, &second, &err), STATUS_CONFLICT));
}

Test(server_http, files_are_sent_without_the_token_and_in_parts)
{
	struct strbuf text = STRBUF_INIT;
	int fd = send_request("GET", "/store/file", "", "Range: bytes=0-14\r\n");

	read_until(fd, "", &text);
	close(fd);
	cr_assert(text_starts(text.buf, "HTTP/1.1 206"));
	cr_assert(strstr(text.buf, "\r\n\r\nSQLite format 3") != NULL);
	ask("GET", "/store/other", "", &text);
	cr_assert(text_starts(text.buf, "HTTP/1.1 403"));
	strbuf_done(&text);
}
