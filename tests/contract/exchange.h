/* Bare HTTP with the credentials of a kubeconfig: the body of a refusal as it came, and watches
 * that go on beside. One thread. */
#ifndef TESTS_CONTRACT_EXCHANGE_H
#define TESTS_CONTRACT_EXCHANGE_H

#include "backend/base/json.h"

#include <stdbool.h>

struct exchange; /* one cluster, one connection pool */
enum status exchange_new(const char *kubeconfig, struct exchange **ret_exchange, struct error *err);
void exchange_free(struct exchange *exchange); /* NULL is fine */

/* Whose request it is: ours, without credentials, or with a token that nobody gave out. */
enum identity { IDENTITY_ADMIN, IDENTITY_NOBODY, IDENTITY_STRANGER };

struct request {
	const char *method, *path; /* an absolute URL is the store's: no credentials go there */
	const struct json *body;   /* NULL = none */
	const char *type;	   /* "" = application/json */
	enum identity identity;
};
struct reply {
	int status; /* 0: no answer, `text` says why */
	struct strbuf text;
	struct json *json; /* NULL when the text is none */
};
void exchange_ask(struct exchange *exchange, const struct request *request,
		  struct reply *ret_reply);
void reply_done(struct reply *reply);

/* A watch that is open until exchange_close_watches(). Its events are in the order they came. */
void exchange_watch(struct exchange *exchange, const char *name, const char *path);
struct watched {
	const struct json *const *events; /* borrowed until the next wait */
	size_t count;
	bool ended;
	int status;
};
bool exchange_watched(struct exchange *exchange, const char *name, struct watched *ret_watched);
void exchange_close_watches(struct exchange *exchange);

void exchange_wait(struct exchange *exchange, int ms); /* lets answers and events come in */

#endif
