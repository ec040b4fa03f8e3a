/* Who we are to the cluster: certificate, token, token file, password or exec plug-in, kept fresh.
 * Worker thread only; a plug-in runs beside everything else and is looked at by timers of the
 * transport. Secrets are wiped. */
#ifndef BACKEND_KUBE_AUTH_H
#define BACKEND_KUBE_AUTH_H

#include "backend/kube/kubeconfig.h"
#include "backend/net/transport.h"

#include <stdint.h>

struct auth;

enum auth_state {
	AUTH_READY,   /* auth_tls() and auth_headers() can be used now */
	AUTH_WAITING, /* a plug-in runs: `changed` comes */
	AUTH_FAILED,  /* auth_error() says why; asked again later it tries again */
};

/* access and transport are borrowed. changed: the plug-in ended; ask auth_check() again. */
struct auth *auth_new(struct transport *transport, const struct kube_access *access,
		      void (*changed)(void *arg), void *arg);
void auth_free(struct auth *auth);

enum auth_state auth_check(struct auth *auth);
const struct error *auth_error(const struct auth *auth);
const struct tls_identity *auth_tls(const struct auth *auth);
/* "Authorization: ..." and impersonation headers, NULL-terminated, borrowed until the next
 * auth_check() or auth_renew(). */
const char *const *auth_headers(const struct auth *auth);

/* Counts identities: remember it with a request, and hand it to auth_renew() when that request was
 * answered 401. */
unsigned auth_generation(const struct auth *auth);
/* The identity of that generation was refused: forget it. true when another one may be had (ask
 * auth_check()), or another request has renewed it already; false when there is nothing to renew.
 */
bool auth_renew(struct auth *auth, unsigned generation);

/* Why the server may have refused us, from what we can read ourselves: "the client certificate in F
 * expired on ..."; where the login came from; what to do. Puts it into err (text and hint). */
void auth_explain_refusal(const struct auth *auth, struct error *err);
/* The same for an error of TLS: true when a certificate of the kubeconfig has expired, which err
 * then says. */
bool auth_explain_tls(const struct auth *auth, struct error *err);

/* An ExecCredential's status as a plug-in prints it. Texts are owned by the caller and NULL when
 * not given; expires is 0 then. Pure. */
struct exec_credential {
	char *token, *cert_pem, *key_pem;
	int64_t expires; /* unix seconds */
};
enum status exec_credential_parse(const char *text, size_t len,
				  struct exec_credential *ret_credential, struct error *err);
void exec_credential_done(struct exec_credential *credential);

#endif
