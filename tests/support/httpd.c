#include "tests/support/httpd.h"

#include "backend/base/mem.h"
#include "backend/base/strbuf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS_MAX	256
#define CONNECTIONS_MAX 128

struct httpd {
	int listener, stop[2];
	char url[64];
	const struct httpd_reply *replies;
	bool *used;
	size_t count;
	pthread_t acceptor, threads[CONNECTIONS_MAX];
	size_t connections, requests;
	char *texts[REQUESTS_MAX];
	pthread_mutex_t lock;
};

struct connection {
	struct httpd *httpd;
	int fd;
	struct strbuf in;
};

/* Waits for bytes from the client or ms milliseconds. false when the server stops or the client is
 * gone. */
static bool pause_ms(const struct connection *connection, int ms)
{
	struct pollfd fds[] = { { connection->httpd->stop[0], POLLIN, 0 } };

	return poll(fds, 1, ms) == 0;
}

static bool send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = send(fd, bytes, len, MSG_NOSIGNAL);

		if (put <= 0)
			return false;
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

/* Reads until `in` holds want bytes, or a whole head when want is 0. */
static bool read_more(struct connection *connection, size_t want)
{
	struct pollfd fds[] = { { connection->fd, POLLIN, 0 },
				{ connection->httpd->stop[0], POLLIN, 0 } };
	static const char bad_request[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	char bytes[16384];
	ssize_t got;

	while (want ? connection->in.len < want : !strstr(connection->in.buf, "\r\n\r\n")) {
		if (poll(fds, 2, -1) < 0 || fds[1].revents)
			return false;
		got = recv(connection->fd, bytes, sizeof(bytes), 0);
		if (got <= 0)
			return false;
		strbuf_add(&connection->in, bytes, (size_t)got);
		if (connection->in.buf[0] == 0x16) { /* TLS: refused as plain servers do */
			send_all(connection->fd, bad_request, strlen(bad_request));
			return false;
		}
	}
	return true;
}

/* One request, taken out of `in`. NULL when the client has gone. */
static char *take_request(struct connection *connection)
{
	const char *length;
	size_t len;
	char *text;

	if (!read_more(connection, 0))
		return NULL;
	len = (size_t)(strstr(connection->in.buf, "\r\n\r\n") + 4 - connection->in.buf);
	length = text_find_nocase(connection->in.buf, "Content-Length: ");
	if (length && length < connection->in.buf + len)
		len += (size_t)strtoul(length + 16, NULL, 10);
	if (!read_more(connection, len))
		return NULL;
	text = mem_text_n(connection->in.buf, len);
	strbuf_drop(&connection->in, len);
	return text;
}

/* Remembers the request and picks its answer; NULL when the script has none left. */
static const struct httpd_reply *pick(struct httpd *httpd, char *text)
{
	const struct httpd_reply *found = NULL;
	char *target = mem_text_n(text, strcspn(text, "\r\n"));
	size_t i;

	pthread_mutex_lock(&httpd->lock);
	if (httpd->requests < REQUESTS_MAX)
		httpd->texts[httpd->requests++] = text;
	else
		free(text);
	for (i = 0; i < httpd->count && !found; i++) {
		if (httpd->used[i] ||
		    (httpd->replies[i].path && !strstr(target, httpd->replies[i].path)))
			continue;
		found = &httpd->replies[i];
		httpd->used[i] = !found->repeat;
	}
	pthread_mutex_unlock(&httpd->lock);
	free(target);
	return found;
}

static bool send_head(const struct connection *connection, const struct httpd_reply *reply,
		      size_t len)
{
	struct strbuf head = STRBUF_INIT;
	bool sent;

	strbuf_addf(&head, "HTTP/1.1 %d Scripted\r\nContent-Type: %s\r\n%s",
		    reply->status ? reply->status : 200,
		    reply->type ? reply->type : "application/json",
		    reply->headers ? reply->headers : "");
	if (reply->chunked)
		strbuf_adds(&head, "Transfer-Encoding: chunked\r\n\r\n");
	else if (!reply->close)
		strbuf_addf(&head, "Content-Length: %zu\r\n\r\n",
			    len + (reply->cut || reply->stall ? 1000 : 0));
	else
		strbuf_adds(&head, "Connection: close\r\n\r\n");
	sent = send_all(connection->fd, head.buf, head.len);
	strbuf_done(&head);
	return sent;
}

static bool send_piece(const struct connection *connection, const struct httpd_reply *reply,
		       const char *bytes, size_t len)
{
	char size[32];

	if (!reply->chunked)
		return send_all(connection->fd, bytes, len);
	snprintf(size, sizeof(size), "%zx\r\n", len);
	return send_all(connection->fd, size, strlen(size)) &&
	       send_all(connection->fd, bytes, len) && send_all(connection->fd, "\r\n", 2);
}

/* false when the connection ends with it. */
static bool answer(const struct connection *connection, const struct httpd_reply *reply)
{
	const char *body = reply->body ? reply->body : "";
	size_t len = reply->body_len ? reply->body_len : strlen(body), at, piece;

	if (reply->drop || (reply->delay_ms && !pause_ms(connection, reply->delay_ms)) ||
	    !send_head(connection, reply, len))
		return false;
	for (at = 0; at < len; at += piece) {
		piece = reply->piece_len && reply->piece_len < len - at ? reply->piece_len
									: len - at;
		if (at && reply->piece_ms && !pause_ms(connection, reply->piece_ms))
			return false;
		if (!send_piece(connection, reply, body + at, piece))
			return false;
	}
	if (reply->stall)
		pause_ms(connection, -1);
	if (reply->stall || reply->cut || reply->close)
		return false;
	return !reply->chunked || send_all(connection->fd, "0\r\n\r\n", 5);
}

static void *serve(void *arg)
{
	static const struct httpd_reply nothing_left = { .status = 500,
							 .type = "text/plain",
							 .body = "the script has no answer left" };
	struct connection *connection = arg;
	const struct httpd_reply *reply;
	char *text;

	while ((text = take_request(connection))) {
		reply = pick(connection->httpd, text);
		if (!answer(connection, reply ? reply : &nothing_left))
			break;
	}
	close(connection->fd);
	strbuf_done(&connection->in);
	free(connection);
	return NULL;
}

static void *accept_all(void *arg)
{
	struct httpd *httpd = arg;
	struct pollfd fds[] = { { httpd->listener, POLLIN, 0 }, { httpd->stop[0], POLLIN, 0 } };

	while (httpd->connections < CONNECTIONS_MAX && poll(fds, 2, -1) > 0 && !fds[1].revents) {
		struct connection *connection = mem_alloc(sizeof(*connection));

		connection->httpd = httpd;
		connection->fd = accept(httpd->listener, NULL, NULL);
		strbuf_init(&connection->in);
		pthread_mutex_lock(&httpd->lock);
		if (pthread_create(&httpd->threads[httpd->connections], NULL, serve, connection))
			abort();
		httpd->connections++;
		pthread_mutex_unlock(&httpd->lock);
	}
	return NULL;
}

static struct httpd *start(int port, const struct httpd_reply *replies, size_t count)
{
	struct httpd *httpd = mem_alloc(sizeof(*httpd));
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	const int on = 1;

	address.sin_port = htons((uint16_t)port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	httpd->replies = replies;
	httpd->count = count;
	httpd->used = mem_array(count + 1, sizeof(*httpd->used));
	pthread_mutex_init(&httpd->lock, NULL);
	httpd->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (pipe(httpd->stop) || httpd->listener < 0 ||
	    setsockopt(httpd->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(httpd->listener, (struct sockaddr *)&address, size) ||
	    listen(httpd->listener, 64) ||
	    getsockname(httpd->listener, (struct sockaddr *)&address, &size) ||
	    pthread_create(&httpd->acceptor, NULL, accept_all, httpd))
		die("the test server could not be started");
	snprintf(httpd->url, sizeof(httpd->url), "http://127.0.0.1:%d", ntohs(address.sin_port));
	return httpd;
}

struct httpd *httpd_start(const struct httpd_reply *replies, size_t count)
{
	return start(0, replies, count);
}

struct httpd *httpd_start_at(const char *url, const struct httpd_reply *replies, size_t count)
{
	return start(atoi(strrchr(url, ':') + 1), replies, count);
}

void httpd_stop(struct httpd *httpd)
{
	size_t i;

	if (write(httpd->stop[1], "x", 1) != 1)
		abort();
	pthread_join(httpd->acceptor, NULL);
	for (i = 0; i < httpd->connections; i++)
		pthread_join(httpd->threads[i], NULL);
	for (i = 0; i < httpd->requests; i++)
		free(httpd->texts[i]);
	close(httpd->listener);
	close(httpd->stop[0]);
	close(httpd->stop[1]);
	pthread_mutex_destroy(&httpd->lock);
	free(httpd->used);
	free(httpd);
}

const char *httpd_url(const struct httpd *httpd)
{
	return httpd->url;
}

size_t httpd_count(struct httpd *httpd)
{
	size_t count;

	pthread_mutex_lock(&httpd->lock);
	count = httpd->requests;
	pthread_mutex_unlock(&httpd->lock);
	return count;
}

size_t httpd_connections(struct httpd *httpd)
{
	size_t count;

	pthread_mutex_lock(&httpd->lock);
	count = httpd->connections;
	pthread_mutex_unlock(&httpd->lock);
	return count;
}

const char *httpd_request(struct httpd *httpd, size_t i)
{
	const char *text = "";

	pthread_mutex_lock(&httpd->lock);
	if (i < httpd->requests)
		text = httpd->texts[i];
	pthread_mutex_unlock(&httpd->lock);
	return text;
}
