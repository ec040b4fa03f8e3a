#include "backend/practice/practice_fault.h"

#include "backend/base/mem.h"
#include "backend/practice/faults.h"
#include "backend/practice/practice_home.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX 65536
#define WAIT_S	   5

void practice_print_help(void)
{
	printf("usage: kotsnap practice [--dir FOLDER] [--port PORT] [--pace real|fast] "
	       "[--apps 1|2] [--reset] [--open]\n"
	       "       kotsnap practice fault NAME|list|clear [--dir FOLDER]\n"
	       "A cluster to learn on, without Kubernetes: see kotsnap-practice(7).\n");
}

static enum status connect_to(int port, int *ret_fd, struct error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct timeval wait = { WAIT_S, 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	enum status st;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return error_errno(err, errno, "make a socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		st = error_errno(err, errno, "connect to the practice cluster at port %d", port);
		close(fd);
		return st;
	}
	*ret_fd = fd;
	return STATUS_OK;
}

/* One request, one answer; the connection ends with it. */
static enum status talk(int port, const struct strbuf *request, struct strbuf *ret_answer,
			struct error *err)
{
	char bytes[4096];
	enum status st;
	ssize_t got;
	int fd = -1;

	st = connect_to(port, &fd, err);
	if (st)
		return st;
	if (send(fd, request->buf, request->len, MSG_NOSIGNAL) != (ssize_t)request->len)
		st = error_errno(err, errno, "ask the practice cluster");
	while (!st && (got = recv(fd, bytes, sizeof(bytes), 0)) != 0) {
		if (got < 0)
			st = error_errno(err, errno, "hear from the practice cluster");
		else if (ret_answer->len < ANSWER_MAX)
			strbuf_add(ret_answer, bytes, (size_t)got);
	}
	close(fd);
	return st;
}

/* *ret_body is cut out of what was answered. */
static enum status ask(const char *dir, const char *method, const char *query,
		       struct strbuf *ret_body, struct error *err)
{
	struct strbuf token = STRBUF_INIT, request = STRBUF_INIT, answer = STRBUF_INIT;
	const char *body;
	int port, code = 0;
	enum status st;

	st = home_read_kubeconfig(dir, &port, &token, err);
	if (st || !home_is_taken(dir)) {
		st = error_set(err, STATUS_UNREACHABLE, "no practice cluster runs in %s", dir);
		error_hint(err, "start it with: kotsnap practice --dir %s", dir);
		goto out;
	}
	strbuf_addf(&request,
		    "%s /practice/fault%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer "
		    "%s\r\n"
		    "Content-Length: 0\r\nConnection: close\r\n\r\n",
		    method, query, port, token.buf);
	st = talk(port, &request, &answer, err);
	if (st)
		goto out;
	if (answer.len > strlen("HTTP/1.1 "))
		code = atoi(answer.buf + strlen("HTTP/1.1 "));
	body = strstr(answer.buf, "\r\n\r\n");
	strbuf_adds(ret_body, body ? body + 4 : "");
	if (code / 100 != 2)
		st = error_set(err, STATUS_REFUSED, "the practice cluster answers %d: %.200s", code,
			       ret_body->buf);
out:
	mem_wipe(token.buf, token.len);
	mem_wipe(request.buf, request.len);
	strbuf_done(&token);
	strbuf_done(&request);
	strbuf_done(&answer);
	return st;
}

static bool has_line(const char *lines, const char *name)
{
	size_t len = strlen(name);

	for (; lines && *lines; lines = strchr(lines, '\n') ? strchr(lines, '\n') + 1 : NULL) {
		if (strncmp(lines, name, len) == 0 &&
		    (!lines[len] || lines[len] == '\n' || lines[len] == '\r'))
			return true;
	}
	return false;
}

static enum status list_faults(const char *dir, struct error *err)
{
	struct strbuf set = STRBUF_INIT;
	enum status st = ask(dir, "GET", "", &set, err);
	int i;

	for (i = 0; !st && i < FAULT_COUNT; i++)
		printf("%c %-11s %s\n", has_line(set.buf, fault_name(i)) ? '*' : ' ', fault_name(i),
		       fault_words(i));
	strbuf_done(&set);
	return st;
}

static enum status unknown(const char *name, struct error *err)
{
	error_set(err, STATUS_USAGE, "no fault is called \"%s\"", name);
	error_hint(err, "kotsnap practice fault list shows them");
	return STATUS_USAGE;
}

enum status practice_fault(const struct practice_options *options, struct error *err)
{
	struct strbuf query = STRBUF_INIT, body = STRBUF_INIT;
	const char *dir = options->dir.buf;
	enum fault fault;
	enum status st;

	if (strcmp(options->fault, "list") == 0) {
		st = list_faults(dir, err);
	} else if (strcmp(options->fault, "clear") == 0) {
		st = ask(dir, "POST", "?clear=true", &body, err);
	} else if (!fault_from_name(options->fault, &fault)) {
		st = unknown(options->fault, err);
	} else {
		strbuf_query(&query, "name", options->fault);
		st = ask(dir, "POST", query.buf, &body, err);
	}
	strbuf_done(&query);
	strbuf_done(&body);
	return st;
}
