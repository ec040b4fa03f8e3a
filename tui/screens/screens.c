#include "tui/screens/screens.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct screen_ops *const screens[SCREENS] = {
	[SCREEN_OVERVIEW] = &overview_screen,	[SCREEN_SNAPSHOTS] = &snapshots_screen,
	[SCREEN_ACTIVITY] = &activity_screen,	[SCREEN_DESTINATION] = &destination_screen,
	[SCREEN_SCHEDULES] = &schedules_screen, [SCREEN_DOCTOR] = &doctor_screen,
	[SCREEN_TAKE] = &take_screen,		[SCREEN_SNAPSHOT] = &snapshot_screen,
	[SCREEN_OPERATION] = &operation_screen, [SCREEN_RESTORE] = &restore_screen,
	[SCREEN_DELETE] = &delete_screen,	[SCREEN_LOG] = &log_screen,
	[SCREEN_TAKEOVER] = &takeover_screen,	[SCREEN_HELP] = &help_screen,
	[SCREEN_COMMANDS] = &commands_screen,	[SCREEN_MESSAGES] = &messages_screen,
	[SCREEN_STOP] = &stop_screen,		[SCREEN_TEXT] = &text_screen,
};

const struct screen_ops *screen_find(enum screen_id id)
{
	return screens[id];
}

struct effect *effects_add(struct effects *effects, enum effect_kind kind)
{
	/* One key that wants more than there is room for loses the last wish, not the program. */
	size_t last = ARRAY_SIZE(effects->rows) - 1;
	struct effect *effect = &effects->rows[effects->count <= last ? effects->count++ : last];

	memset(effect, 0, sizeof(*effect));
	effect->kind = kind;
	return effect;
}

void effects_open(struct effects *effects, enum screen_id screen, const char *text)
{
	struct effect *effect = effects_add(effects, EFFECT_OPEN);

	effect->screen = screen;
	snprintf(effect->text, sizeof(effect->text), "%s", text);
}

void effects_message(struct effects *effects, enum message_level level, const char *fmt, ...)
{
	struct effect *effect = effects_add(effects, EFFECT_MESSAGE);
	va_list args;

	effect->level = level;
	va_start(args, fmt);
	vsnprintf(effect->text, sizeof(effect->text), fmt, args);
	va_end(args);
}

void effects_request(struct effects *effects, enum request_kind kind, const char *name,
		     const char *app)
{
	struct request *request = &effects_add(effects, EFFECT_REQUEST)->request;

	request->kind = kind;
	snprintf(request->name, sizeof(request->name), "%s", name);
	snprintf(request->app, sizeof(request->app), "%s", app);
}
