#include "backend/practice/server.h"

#include "backend/base/clock.h"
#include "backend/base/mem.h"
#include "backend/practice/deflate.h"
#include "backend/practice/list_stream.h"
#include "backend/practice/routes.h"
#include "backend/practice/watch_stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX (8u << 20)
/* A stream looks this often whether its client or the server has gone. */
#define PULL_MS 200

struct server {
	struct routes routes;
	struct MHD_Daemon *daemon;
	int port;
	pthread_t upkeep; /* restarts, and gives new tokens out */
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	bool want_restart, want_token, want_end; /* under the lock */
};

/* ---- answers ---- */

/* A body that comes over time: a watch, or a slow answer. */
struct source {
	struct server *server;
	struct watch_stream *stream; /* owned; NULL for a slow answer */
	struct strbuf pending;
	size_t sent;
	int socket;
	int64_t opened_ms;
};

static bool client_is_gone(int socket)
{
	char byte;
	ssize_t got = recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

static void pause_ms(int ms)
{
	struct timespec span = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&span, NULL);
}

/* The fault "cut": half of what there is, or half of a line made up, and the end. */
static ssize_t cut_stream(struct source *source, char *out, size_t max)
{
	static const char half[] = "{\"type\":\"MODIFIED\",\"object\":{\"apiVersion\":\"v1\",\"ki";
	size_t left = source->pending.len - source->sent;
	size_t len = left ? left / 2 : sizeof(half) - 1;

	source->sent = SIZE_MAX;
	if (len > max)
		len = max;
	memcpy(out, left ? source->pending.buf + source->pending.len - left : half, len);
	return (ssize_t)len;
}

/* Waits until the stream has something to say. False at its end. */
static bool fill_stream(struct source *source)
{
	struct routes *routes = &source->server->routes;
	enum watch_pull pulled = WATCH_QUIET;

	strbuf_reset(&source->pending);
	source->sent = 0;
	while (pulled == WATCH_QUIET) {
		if (atomic_load(&routes->draining) || client_is_gone(source->socket))
			return false;
		if (faults_has(routes->spec.faults, FAULT_STALL)) {
			pause_ms(PULL_MS);
			continue;
		}
		pulled = watch_stream_pull(source->stream, PULL_MS, &source->pending);
		if (faults_has(routes->spec.faults, FAULT_CUT) &&
		    clock_monotonic_ms() - source->opened_ms > 1000)
			return true;
	}
	return source->pending.len > 0;
}

static ssize_t read_stream(void *arg, uint64_t position, char *out, size_t max)
{
	struct source *source = arg;
	size_t left;

	(void)position;
	if (source->sent == SIZE_MAX)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (source->sent == source->pending.len && !fill_stream(source))
		return atomic_load(&source->server->routes.draining)
			       ? MHD_CONTENT_READER_END_WITH_ERROR
			       : MHD_CONTENT_READER_END_OF_STREAM;
	if (faults_has(source->server->routes.spec.faults, FAULT_CUT))
		return cut_stream(source, out, max);
	left = source->pending.len - source->sent;
	if (left > max)
		left = max;
	memcpy(out, source->pending.buf + source->sent, left);
	source->sent += left;
	return (ssize_t)left;
}

/* The fault "slow": an answer in eight pieces. */
static ssize_t read_slowly(void *arg, uint64_t position, char *out, size_t max)
{
	struct source *source = arg;
	size_t left = source->pending.len - (size_t)position;
	size_t piece = source->pending.len / 8 + 1;

	if (!left)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (position)
		pause_ms(30);
	if (piece > left)
		piece = left;
	if (piece > max)
		piece = max;
	memcpy(out, source->pending.buf + position, piece);
	return (ssize_t)piece;
}

static ssize_t read_list(void *arg, uint64_t position, char *out, size_t max)
{
	long got = list_stream_read(arg, out, max);

	(void)position;
	if (got > 0)
		return got;
	return got ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
}

static void free_list(void *arg)
{
	list_stream_free(arg);
}

static void free_source(void *arg)
{
	struct source *source = arg;

	watch_stream_free(source->stream);
	strbuf_done(&source->pending);
	free(source);
}

static struct source *new_source(struct server *server, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct source *source = mem_alloc(sizeof(*source));

	source->server = server;
	source->socket = info ? info->connect_fd : -1;
	source->opened_ms = clock_monotonic_ms();
	strbuf_init(&source->pending);
	return source;
}

/* "bytes=FIRST-[LAST]" within a file of this size. False: the whole file. */
static bool parse_range(const char *range, int64_t size, int64_t *ret_first, int64_t *ret_len)
{
	long long first, last = size - 1;
	char *end;

	if (!text_starts(range, "bytes=") || !strchr("0123456789", range[6]) || !range[6])
		return false;
	first = strtoll(range + 6, &end, 10);
	if (*end != '-')
		return false;
	if (end[1])
		last = strtoll(end + 1, &end, 10);
	if (last >= size)
		last = size - 1;
	if (first > last)
		return false;
	*ret_first = first;
	*ret_len = last - first + 1;
	return true;
}

static struct MHD_Response *file_response(const char *path, const char *range, int *status)
{
	struct MHD_Response *response;
	int64_t first = 0, len;
	struct stat info;
	char text[96];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &info) || !S_ISREG(info.st_mode)) {
		if (fd >= 0)
			close(fd);
		*status = 404;
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	}
	len = info.st_size;
	if (parse_range(range, info.st_size, &first, &len))
		*status = 206;
	response = MHD_create_response_from_fd_at_offset64((uint64_t)len, fd, (uint64_t)first);
	snprintf(text, sizeof(text), "bytes %lld-%lld/%lld", (long long)first,
		 (long long)(first + len - 1), (long long)info.st_size);
	if (*status == 206)
		MHD_add_response_header(response, "Content-Range", text);
	MHD_add_response_header(response, "Accept-Ranges", "bytes");
	return response;
}

static struct MHD_Response *body_response(struct server *server, struct MHD_Connection *connection,
					  struct route_reply *reply)
{
	size_t len = reply->body.len;
	struct source *source;

	if (reply->stream || faults_has(server->routes.spec.faults, FAULT_SLOW)) {
		source = new_source(server, connection);
		source->stream = reply->stream;
		reply->stream = NULL;
		if (source->stream)
			return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 64 * 1024,
								 read_stream, source, free_source);
		strbuf_add(&source->pending, reply->body.buf, len);
		return MHD_create_response_from_callback(len, 64 * 1024, read_slowly, source,
							 free_source);
	}
	if (!len)
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	return MHD_create_response_from_buffer(len, strbuf_detach(&reply->body),
					       MHD_RESPMEM_MUST_FREE);
}

static struct MHD_Response *list_response(struct route_reply *reply, bool packed)
{
	struct list_stream *list = reply->list;

	reply->list = NULL;
	list_stream_begin(list, &reply->body, packed);
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 64 * 1024, read_list, list,
						 free_list);
}

static void add_headers(struct MHD_Response *response, const struct route_reply *reply)
{
	const char *colon = strstr(reply->extra_header, ": ");
	char name[64];

	MHD_add_response_header(response, "Content-Type", reply->content_type);
	MHD_add_response_header(response, "Cache-Control", "no-cache, private");
	if (!colon)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)(colon - reply->extra_header),
		 reply->extra_header);
	MHD_add_response_header(response, name, colon + 2);
}

static enum MHD_Result send_reply(struct server *server, struct MHD_Connection *connection,
				  const struct server_request *request, struct route_reply *reply)
{
	struct MHD_Response *response;
	enum MHD_Result result;
	bool packed = !reply->stream && !reply->file_path &&
		      (reply->list || reply->body.len > DEFLATE_THRESHOLD) &&
		      deflate_is_wanted(request->accept_encoding);

	/* The fault "slow" counts the pieces of a whole answer. */
	if (reply->list && faults_has(server->routes.spec.faults, FAULT_SLOW)) {
		if (list_stream_rest(reply->list, &reply->body, NULL))
			return MHD_NO;
		list_stream_free(reply->list);
		reply->list = NULL;
	}
	if (packed && !reply->list)
		deflate_text(&reply->body);
	if (reply->list)
		response = list_response(reply, packed);
	else if (reply->file_path)
		response = file_response(reply->file_path, request->range, &reply->status);
	else
		response = body_response(server, connection, reply);
	if (!response)
		return MHD_NO;
	add_headers(response, reply);
	if (packed) {
		MHD_add_response_header(response, "Content-Encoding", "gzip");
		MHD_add_response_header(response, "Vary", "Accept-Encoding");
	}
	result = MHD_queue_response(connection, (unsigned)reply->status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- requests ---- */

static const char *header(struct MHD_Connection *connection, const char *name)
{
	const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

	return value ? value : "";
}

static enum MHD_Result take_param(void *arg, enum MHD_ValueKind kind, const char *key,
				  const char *value)
{
	struct server_request *request = arg;

	(void)kind;
	if (request->param_count == REQUEST_PARAMS_MAX)
		return MHD_NO;
	request->params[request->param_count].key = key ? key : "";
	request->params[request->param_count++].value = value ? value : "";
	return MHD_YES;
}

static void fill_request(struct MHD_Connection *connection, struct server_request *request)
{
	request->authorization = header(connection, "Authorization");
	request->content_type = header(connection, "Content-Type");
	request->accept = header(connection, "Accept");
	request->accept_encoding = header(connection, "Accept-Encoding");
	request->range = header(connection, "Range");
	request->host = header(connection, "Host");
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_param, request);
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
			      struct server_request *request)
{
	struct route_reply reply;
	enum MHD_Result result = MHD_NO;

	fill_request(connection, request);
	route_reply_init(&reply);
	routes_answer(&server->routes, request, &reply);
	/* Without an answer the connection is closed: the server goes away. */
	if (reply.status)
		result = send_reply(server, connection, request, &reply);
	route_reply_done(&reply);
	return result;
}

/* Called once for the head, then for each piece of the body, then with an empty one: only then
 * there is an answer. */
/* NOLINTNEXTLINE(readability-function-size): the parameters are the library's */
static enum MHD_Result take_request(void *arg, struct MHD_Connection *connection, const char *url,
				    const char *method, const char *version, const char *piece,
				    size_t *piece_len, void **memory)
{
	struct strbuf *body = *memory;
	struct server_request request = { .method = method, .path = url };

	(void)version;
	if (!body) {
		*memory = body = mem_alloc(sizeof(*body));
		strbuf_init(body);
		return MHD_YES;
	}
	if (*piece_len) {
		if (body->len + *piece_len > BODY_MAX)
			return MHD_NO;
		strbuf_add(body, piece, *piece_len);
		*piece_len = 0;
		return MHD_YES;
	}
	request.body = body->buf;
	request.body_len = body->len;
	return answer(arg, connection, &request);
}

static void end_request(void *arg, struct MHD_Connection *connection, void **memory,
			enum MHD_RequestTerminationCode code)
{
	struct strbuf *body = *memory;

	(void)arg;
	(void)connection;
	(void)code;
	if (body) {
		strbuf_done(body);
		free(body);
		*memory = NULL;
	}
}

/* ---- life ---- */

static enum status listen_on(int port, int *ret_socket, int *ret_port, struct error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, failed;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return error_errno(err, errno, "make a socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 128) ||
	    getsockname(fd, (struct sockaddr *)&address, &len)) {
		failed = errno;
		close(fd);
		if (failed != EADDRINUSE)
			return error_errno(err, failed, "listen on 127.0.0.1:%d", port);
		error_set(err, STATUS_CONFLICT, "port %d of 127.0.0.1 is taken", port);
		error_hint(err, "take another one with --port, or --port 0 for any free one");
		return STATUS_CONFLICT;
	}
	*ret_port = ntohs(address.sin_port);
	*ret_socket = fd;
	return STATUS_OK;
}

static enum status open_daemon(struct server *server, int port, struct error *err)
{
	int fd = -1, bound = 0;
	enum status st = listen_on(port, &fd, &bound, err);

	if (st)
		return st;
	/* Written once: others read it while the server restarts. */
	if (!server->port)
		server->port = bound;
	atomic_store(&server->routes.draining, false);
	server->daemon = MHD_start_daemon(
		MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
		take_request, server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED,
		end_request, NULL, MHD_OPTION_CONNECTION_LIMIT, 500u,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)256 * 1024, MHD_OPTION_END);
	if (!server->daemon) {
		close(fd);
		return error_set(err, STATUS_SYSTEM, "the HTTP server did not start");
	}
	return STATUS_OK;
}

static void close_daemon(struct server *server)
{
	atomic_store(&server->routes.draining, true);
	objects_wake(server->routes.spec.objects);
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	server->daemon = NULL;
}

/* Under the lock; waits unless the end is wanted. */
static void wait_seconds(struct server *server, int seconds)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	while (!server->want_end &&
	       pthread_cond_timedwait(&server->wanted, &server->lock, &until) == 0)
		continue;
}

static void give_token(struct server *server)
{
	char token[ROUTES_TOKEN_MAX];

	wait_seconds(server, server->routes.spec.fast ? 1 : 4);
	routes_copy_token(&server->routes, token);
	pthread_mutex_unlock(&server->lock);
	if (server->routes.spec.token_changed)
		server->routes.spec.token_changed(server->routes.spec.token_arg, token);
	pthread_mutex_lock(&server->lock);
}

static void restart(struct server *server)
{
	pthread_mutex_unlock(&server->lock);
	/* Whoever asked for it gets his answer first. */
	pause_ms(PULL_MS);
	close_daemon(server);
	pthread_mutex_lock(&server->lock);
	wait_seconds(server, server->routes.spec.fast ? 1 : 4);
	/* Somebody may sit on the port meanwhile: try until it is free. */
	while (!server->want_end && open_daemon(server, server->port, NULL))
		wait_seconds(server, 1);
}

static void *keep_up(void *arg)
{
	struct server *server = arg;

	pthread_mutex_lock(&server->lock);
	while (!server->want_end) {
		if (server->want_token) {
			server->want_token = false;
			give_token(server);
		} else if (server->want_restart) {
			server->want_restart = false;
			restart(server);
		} else {
			pthread_cond_wait(&server->wanted, &server->lock);
		}
	}
	pthread_mutex_unlock(&server->lock);
	return NULL;
}

static void perform(void *arg, enum fault fault)
{
	struct server *server = arg;

	pthread_mutex_lock(&server->lock);
	if (fault == FAULT_RESTART)
		server->want_restart = true;
	else
		server->want_token = true;
	pthread_cond_signal(&server->wanted);
	pthread_mutex_unlock(&server->lock);
}

enum status server_start(const struct server_spec *spec, struct server **ret_server,
			 struct error *err)
{
	struct server *server = mem_alloc(sizeof(*server));
	enum status st;

	routes_init(&server->routes, spec);
	server->routes.perform = perform;
	server->routes.perform_arg = server;
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->wanted, NULL);
	st = open_daemon(server, spec->port, err);
	if (!st && pthread_create(&server->upkeep, NULL, keep_up, server)) {
		close_daemon(server);
		st = error_set(err, STATUS_SYSTEM, "no thread for the HTTP server");
	}
	if (st) {
		pthread_cond_destroy(&server->wanted);
		pthread_mutex_destroy(&server->lock);
		routes_done(&server->routes);
		free(server);
		return st;
	}
	*ret_server = server;
	return STATUS_OK;
}

int server_port(const struct server *server)
{
	return server->port;
}

enum status server_set_fault(struct server *server, const char *name, struct error *err)
{
	return routes_set_fault(&server->routes, name, err);
}

void server_stop(struct server *server)
{
	if (!server)
		return;
	pthread_mutex_lock(&server->lock);
	server->want_end = true;
	pthread_cond_signal(&server->wanted);
	pthread_mutex_unlock(&server->lock);
	pthread_join(server->upkeep, NULL);
	close_daemon(server);
	pthread_cond_destroy(&server->wanted);
	pthread_mutex_destroy(&server->lock);
	routes_done(&server->routes);
	free(server);
}
