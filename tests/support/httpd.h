/* A tiny scripted HTTP/1.1 server on 127.0.0.1, in threads of the test: answers what it is told,
 * whole, in chunks, late, cut or never ending, and remembers what it was asked. */
#ifndef TESTS_SUPPORT_HTTPD_H
#define TESTS_SUPPORT_HTTPD_H

#include <stdbool.h>
#include <stddef.h>

struct httpd;

/* One answer. A request takes the first answer left whose `path` its target contains. All texts are
 * borrowed until httpd_stop(). */
struct httpd_reply {
	const char *path;    /* NULL = any */
	int status;	     /* 0 = 200 */
	const char *type;    /* Content-Type, NULL = application/json */
	const char *headers; /* more of them, each with its line end, or NULL */
	const char *body;    /* NULL = none */
	size_t body_len;     /* 0 = strlen(body) */
	bool chunked;	     /* one chunk for each piece_len bytes, else Content-Length */
	size_t piece_len;    /* 0 = one piece */
	int piece_ms;	     /* wait between pieces */
	int delay_ms;	     /* wait before the head */
	bool cut;	     /* close after the body as if more were to come */
	bool stall;	     /* keep silent after the body as if more were to come */
	bool close;	     /* close after a whole answer */
	bool drop;	     /* close without any answer */
	bool repeat;	     /* is never used up */
};

struct httpd *httpd_start(const struct httpd_reply *replies, size_t count);
void httpd_stop(struct httpd *httpd);
/* Once more at the address of one that was stopped. */
struct httpd *httpd_start_at(const char *url, const struct httpd_reply *replies, size_t count);
const char *httpd_url(const struct httpd *httpd); /* "http://127.0.0.1:PORT" */
size_t httpd_count(struct httpd *httpd);	  /* requests so far */
size_t httpd_connections(struct httpd *httpd);	  /* accepted so far */
/* Head and body of request i, owned by the server; "" when there was none. */
const char *httpd_request(struct httpd *httpd, size_t i);

#endif
