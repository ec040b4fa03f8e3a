#include "tests/unit/backend/kots/given.h"

#include "backend/kots/console_facts.h"
#include "tests/support/recording.h"

#include <string.h>

struct console *given_console(void)
{
	struct console *console = console_new();
	struct json *reply = recording_json("kots/rqlite-reply.json");
	struct error err = ERROR_INIT;

	console->kind = SITE_EXISTING;
	console->airgap = ANSWER_NO;
	console->velero_namespace = "velero";
	console->namespace = console->app_namespace = "default";
	console->kotsadm_image = "kotsadm/kotsadm:v1.131.4";
	console->cluster_scoped = true;
	if (facts_take_rows(console, reply, &err))
		die("%s", err.text);
	json_free(reply);
	return console;
}

struct app *given_app(struct console *console)
{
	return (struct app *)console_app(console, GIVEN_APP);
}

void given_second_app(struct console *console, const char *backup_spec)
{
	struct app *apps = arena_alloc(&console->arena, (console->app_count + 1) * sizeof(*apps));

	memcpy(apps, console->apps, console->app_count * sizeof(*apps));
	apps[console->app_count] = *given_app(console);
	apps[console->app_count].slug = "acme-gateway";
	apps[console->app_count].id = "2gAtEwAy000000000000000000001";
	apps[console->app_count].sequence = 17;
	apps[console->app_count].version = "2.4.0 <b>";
	apps[console->app_count].backup_spec = backup_spec;
	apps[console->app_count].app_spec = "";
	console->apps = apps;
	console->app_count++;
}

const struct backup *given_backup(const char *recording, const char *change)
{
	struct json *json = recording_json(recording);
	struct error err = ERROR_INIT;
	const struct backup *backup;

	if (change) {
		struct json *patch = json_parse(change, strlen(change), &err);

		if (!patch)
			die("%s: %s", change, err.text);
		json_merge(json, patch);
		json_free(patch);
	}
	backup = backup_decode(json, &err);
	if (!backup)
		die("%s", err.text);
	json_free(json);
	return backup;
}
