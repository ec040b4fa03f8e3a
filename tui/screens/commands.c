/* The same by hand: HTTP, kubectl, velero and kots commands for what is on the screen (`v`). */
#include "tui/screens/document_source.h"
#include "tui/screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct commands {
	struct pager pager;
	const struct document *document; /* counted */
	char *about;			 /* owned */
};

/* What a recipe is filled with. */
struct recipe_words {
	const char *velero, *console; /* namespaces */
	const char *name, *slug;      /* of a snapshot, of an application */
};

struct recipe {
	const char *topic; /* first word of the argument */
	const char *text;  /* {velero} {console} {name} {slug} are replaced */
};

static const struct recipe recipes[] = {
	{ "take", "A full snapshot, through the Admin Console:\n"
		  "  kubectl kots backup --namespace {console}\n"
		  "\n"
		  "The same without it (kotsnap makes this object itself):\n"
		  "  kotsnap create full --wait\n"
		  "\n"
		  "A partial one, of one application: kots has no command for it\n"
		  "  POST /api/v1/app/{slug}/snapshot/backup      to kotsadm, port 3000\n"
		  "  kotsnap create partial {slug} --wait\n" },
	{ "delete", "  velero backup delete {name} --namespace {velero}\n"
		    "  kotsnap delete {name} --yes-i-mean {name} --wait\n"
		    "\n"
		    "How far it is:\n"
		    "  kubectl -n {velero} get deletebackuprequests.velero.io\n"
		    "\n"
		    "Never delete files in the destination by hand: that breaks snapshots.\n" },
	{ "restore", "One application, as kotsnap does it:\n"
		     "  kotsnap restore plan {name} --app {slug}\n"
		     "  kotsnap restore run {name} --app {slug} --yes-i-mean {slug} --wait\n"
		     "\n"
		     "Through the Admin Console:\n"
		     "  POST /api/v1/snapshot/{name}/restore-apps    to kotsadm, port 3000\n"
		     "       {\"appSlugs\":[\"{slug}\"]}\n"
		     "  kubectl kots restore --from-backup {name} --exclude-admin-console\n"
		     "       restores all applications: kots has no command for one\n"
		     "\n"
		     "Everything, for a new or broken cluster; the Admin Console only:\n"
		     "  kotsnap restore plan {name}\n"
		     "  kotsnap restore plan {name} --console-only\n"
		     "  kubectl kots restore --from-backup {name}\n"
		     "  kubectl kots restore --from-backup {name} --exclude-apps\n" },
	{ "snapshot", "  kubectl -n {velero} get backups.velero.io {name} -o yaml\n"
		      "  velero backup describe {name} --details --namespace {velero}\n"
		      "  velero backup logs {name} --namespace {velero}\n"
		      "  kubectl -n {velero} get podvolumebackups.velero.io \\\n"
		      "    -l velero.io/backup-name={name}\n"
		      "  kotsnap show {name}\n" },
	{ "snapshots", "  kubectl kots get backups -n {console}\n"
		       "  kubectl -n {velero} get backups.velero.io\n"
		       "  kotsnap list\n" },
	{ "activity",
	  "  kubectl -n {velero} get restores.velero.io,deletebackuprequests.velero.io\n"
	  "  kubectl -n {velero} get configmaps -l kotsnap.io/operation\n" },
	{ "operation",
	  "  kubectl -n {velero} get backups.velero.io,restores.velero.io\n"
	  "  kubectl -n {velero} get podvolumebackups.velero.io,podvolumerestores.velero.io\n"
	  "  kubectl -n {velero} logs deployment/velero --follow\n" },
	{ "destination",
	  "  velero backup-location get --namespace {velero}\n"
	  "  kubectl -n {velero} get backupstoragelocations.velero.io default -o yaml\n"
	  "  kubectl -n {velero} get backuprepositories.velero.io\n" },
	{ "schedules", "Kept in the database of the Admin Console; seen there:\n"
		       "  kubectl kots admin-console --namespace {console}\n" },
	{ "doctor", "  kubectl -n {velero} get pods -o wide\n"
		    "  kubectl -n {velero} get deployment velero -o yaml\n"
		    "  kubectl get nodes\n" },
	{ "overview", "  kotsnap status\n"
		      "  velero version --namespace {velero}\n"
		      "  kubectl -n {velero} get pods\n" },
};

static const char *word_value(const struct recipe_words *words, const char *name, size_t len)
{
	const struct {
		const char *name, *value;
	} rows[] = { { "velero", words->velero },
		     { "console", words->console },
		     { "name", *words->name ? words->name : "NAME" },
		     { "slug", *words->slug ? words->slug : "SLUG" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strlen(rows[i].name) == len && !strncmp(rows[i].name, name, len))
			return rows[i].value;
	return NULL;
}

static void fill(struct strbuf *out, const char *text, const struct recipe_words *words)
{
	while (*text) {
		size_t plain = strcspn(text, "{"), len;
		const char *value;

		strbuf_add(out, text, plain);
		text += plain;
		if (!*text)
			return;
		len = strcspn(text, "}");
		value = word_value(words, text + 1, len > 0 ? len - 1 : 0);
		if (value) {
			strbuf_adds(out, value);
			text += len + 1;
		} else {
			strbuf_addc(out, *text++);
		}
	}
}

static void add_all(struct strbuf *out, const char *topic, const struct recipe_words *words)
{
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(recipes); i++) {
		if (strcmp(recipes[i].topic, topic) != 0)
			continue;
		fill(out, recipes[i].text, words);
		found = true;
	}
	for (size_t i = 0; !found && i < ARRAY_SIZE(recipes); i++) {
		strbuf_addf(out, "%s%s\n", i ? "\n" : "", recipes[i].topic);
		fill(out, recipes[i].text, words);
	}
}

static const char *or_else(const char *text, const char *fallback)
{
	return text && *text ? text : fallback;
}

static void open_screen(void *state, const char *argument, const struct screen_context *context,
			struct effects *effects)
{
	struct commands *commands = state;
	const struct console *console = context->model->console;
	char topic[32] = "", name[254] = "", slug[128] = "";
	struct recipe_words words = {
		.velero = or_else(console ? console->velero_namespace : NULL, "velero"),
		.console = or_else(console ? console->namespace : NULL, "default"),
		.name = name,
		.slug = slug,
	};
	struct strbuf text = STRBUF_INIT;

	(void)effects;
	sscanf(argument, "%31s %253s %127s", topic, name, slug);
	if (!strcmp(topic, "take"))
		snprintf(slug, sizeof(slug), "%.127s", name);
	add_all(&text, topic, &words);
	commands->about = mem_text(argument);
	commands->document = document_from(&text);
}

static void close_screen(void *state)
{
	struct commands *commands = state;

	pager_done(&commands->pager);
	document_unref(commands->document);
	free(commands->about);
}

static bool key(void *state, struct key pressed, enum action_id action,
		const struct screen_context *context, struct effects *effects)
{
	struct commands *commands = state;
	struct pager_source source = document_source(commands->document);
	bool typing = commands->pager.typing;

	if (!typing && action == ACT_COPY)
		document_copy_line(commands->document, &commands->pager, effects);
	else if (!typing && action == ACT_WRITE)
		document_write(commands->document, "kotsnap-commands.txt", effects);
	else
		return pager_key(&commands->pager, &source, pressed, action, context->view.h - 1);
	return true;
}

static bool takes_text(const void *state)
{
	return ((const struct commands *)state)->pager.typing;
}

static void draw(const void *state, const struct screen_context *context)
{
	const struct commands *commands = state;
	struct pager_source source = document_source(commands->document);

	pager_draw(&commands->pager, &source,
		   view_part(context->view, 0, 1, context->view.w, context->view.h));
}

static void title(const void *state, const struct screen_context *context, struct strbuf *left,
		  struct strbuf *right)
{
	const struct commands *commands = state;

	(void)context;
	strbuf_addf(left, "The same by hand: %s",
		    *commands->about ? commands->about : "everything");
	strbuf_adds(right, "y copies the line");
}

static bool note(const void *state, const struct screen_context *context, struct strbuf *out)
{
	return pager_note(&((const struct commands *)state)->pager, context->view.canvas->ascii,
			  out);
}

const struct screen_ops commands_screen = {
	.id = SCREEN_COMMANDS,
	.name = "commands",
	.state_size = sizeof(struct commands),
	.open = open_screen,
	.close = close_screen,
	.key = key,
	.takes_text = takes_text,
	.draw = draw,
	.title = title,
	.note = note,
};
