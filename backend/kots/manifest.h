/* The Backup manifest that an application ships: rendered as far as its templates ask for facts of
 * the cluster, checked, and put into the form Go writes. Pure. spec/kots-snapshots.md 2.11, 12. */
#ifndef BACKEND_KOTS_MANIFEST_H
#define BACKEND_KOTS_MANIFEST_H

#include "backend/kots/console.h"

struct manifest {
	struct json *root;	  /* the Backup; NULL when the application ships none */
	struct json *application; /* kots.io Application, NULL when unknown: additionalNamespaces */
};

/* STATUS_REFUSED, naming the application, when it is no YAML, holds templates that only KOTS can
 * render (ConfigOption ...) or values that KOTS would not read either. Owned: manifest_done(). */
enum status manifest_read(const struct console *console, const struct app *app,
			  struct manifest *ret_manifest, struct error *err);
void manifest_done(struct manifest *manifest);

/* Appends `text` with {{repl Namespace}}, repl{{ IsKurl }} ... filled in; STATUS_UNSUPPORTED names
 * the first other one. */
enum status manifest_render(const struct console *console, const char *text, struct strbuf *out,
			    struct error *err);

#endif
