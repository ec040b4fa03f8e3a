#include "backend/session/session.h"

#include "backend/session/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct session {
	struct worker *worker;
	pthread_t thread;
	const struct model *model;
	uint64_t last_ticket;
};

/* Signals belong to the UI thread, except those that mean a fault of this very thread. */
static enum status start_thread(struct session *session, struct error *err)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGABRT);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&session->thread, NULL, worker_run, session->worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed ? error_errno(err, failed, "start the worker thread") : STATUS_OK;
}

static enum status open_access(const struct session_config *config, struct kube_access *ret_access,
			       struct error *err)
{
	struct kubeconfig_options options;

	kubeconfig_options_default(&options);
	options.file = config->kubeconfig;
	options.context = config->context;
	return kubeconfig_load(&options, ret_access, err);
}

enum status session_open(const struct session_config *config, struct session **ret_session,
			 struct error *err)
{
	struct kube_access access = { 0 };
	struct transport *transport = NULL;
	struct session *session;
	enum status st = open_access(config, &access, err);

	if (st)
		return st;
	st = transport_new(&transport, err);
	if (st) {
		kube_access_done(&access);
		return st;
	}
	session = mem_alloc(sizeof(*session));
	session->worker = worker_new(config, transport, client_new(transport, &access));
	session->model = model_ref(session->worker->model);
	st = start_thread(session, err);
	if (st) {
		model_unref(session->model);
		worker_free(session->worker);
		free(session);
		return st;
	}
	*ret_session = session;
	return STATUS_OK;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	atomic_store(&session->worker->stopping, true);
	transport_wakeup(session->worker->transport);
	pthread_join(session->thread, NULL);
	model_unref(session->model);
	worker_free(session->worker);
	free(session);
}

int session_fd(const struct session *session)
{
	return mailbox_fd(session->worker->events);
}

const struct model *session_model(struct session *session)
{
	return model_ref(session->model);
}

uint64_t session_request(struct session *session, const struct request *request)
{
	struct posted *posted = mem_alloc(sizeof(*posted));

	posted->request = *request;
	posted->ticket = ++session->last_ticket;
	mailbox_post(session->worker->requests, posted);
	return session->last_ticket;
}

struct event *session_take_event(struct session *session)
{
	struct event *event = mailbox_take(session->worker->events);

	if (event && event->kind == EVENT_MODEL) {
		const struct model *latest = atomic_exchange(&session->worker->latest, NULL);

		if (latest) {
			model_unref(session->model);
			session->model = latest;
		}
	}
	return event;
}

void event_free(struct event *event)
{
	if (!event)
		return;
	if (event->document)
		document_unref(event->document);
	if (event->plan)
		restore_plan_unref(event->plan);
	preview_unref(event->preview);
	free(event);
}
