/* Templates that an application's Backup manifest may still hold. */
#include "backend/kots/manifest.h"

#include "tests/unit/backend/kots/given.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *text, *want; /* NULL: STATUS_UNSUPPORTED */
} cases[] = {
	{ "plain {{ .Values.x }} text", "plain {{ .Values.x }} text" },
	{ "ns: {{repl Namespace}}", "ns: apps" },
	{ "ns: {{repl Namespace }}-{{repl Namespace }}", "ns: apps-apps" },
	{ "a: repl{{ IsKurl }}, b: repl{{Namespace}}", "a: true, b: apps" },
	{ "{{repl ConfigOption \"x\"}}", NULL },
	{ "repl{{ LicenseFieldValue \"seats\" | ParseInt }}", NULL },
	{ "{{repl if IsKurl}}x{{repl end}}", NULL },
	{ "{{repl Namespace", NULL },
	{ "{{repl }}", NULL },
	{ "echo repl {{repl", "echo repl {{repl" },
};

Test(manifest, facts_are_filled_in_and_nothing_else_is_guessed)
{
	struct console *console = given_console();

	console->kind = SITE_KURL;
	console->app_namespace = "apps";
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strbuf out = STRBUF_INIT;
		struct error err = ERROR_INIT;
		enum status st = manifest_render(console, cases[i].text, &out, &err);

		cr_assert_eq(st, cases[i].want ? STATUS_OK : STATUS_UNSUPPORTED, "%s",
			     cases[i].text);
		if (cases[i].want)
			cr_assert_str_eq(out.buf, cases[i].want);
		strbuf_done(&out);
	}
	console_unref(console);
}

Test(manifest, a_refusal_says_whose_manifest_and_what_to_do)
{
	struct console *console = given_console();
	struct manifest manifest;
	struct error err = ERROR_INIT;

	given_app(console)->backup_spec = "spec: {ttl: 'repl{{ ConfigOption \"ttl\" }}'}";
	cr_assert_eq(manifest_read(console, given_app(console), &manifest, &err), STATUS_REFUSED);
	cr_assert_eq(err.code, STATUS_REFUSED);
	cr_assert_str_eq(err.text, "the Backup manifest of acme-analytics: template "
				   "\"ConfigOption \"ttl\"\"");
	cr_assert_not_null(strstr(err.hint, "Admin Console"));
	console_unref(console);
}

Test(manifest, an_application_without_one_has_none)
{
	struct console *console = given_console();
	struct manifest manifest;

	given_app(console)->backup_spec = "";
	cr_assert_eq(manifest_read(console, given_app(console), &manifest, NULL), STATUS_OK);
	cr_assert_null(manifest.root);
	manifest_done(&manifest);
	console_unref(console);
}
