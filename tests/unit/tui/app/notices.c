/* How long a message stands, and what comes after it. */
#include "tui/app/notices.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct notices notices;
static struct app_time now = { 1000, 500000 };

static void add(enum message_level level, const char *text, bool at_once)
{
	struct notice notice = { .level = level };

	snprintf(notice.text, sizeof(notice.text), "%s", text);
	notices_add(&notices, &notice, &now, at_once);
}

static const char *line(void)
{
	const struct notice *notice = notices_current(&notices);

	return notice ? notice->text : "";
}

Test(notices, good_news_goes_after_eight_seconds)
{
	add(MESSAGE_GOOD, "done", false);
	notices_tick(&notices, now.now_ms + 7999);
	cr_expect(!strcmp(line(), "done"));
	notices_tick(&notices, now.now_ms + 8000);
	cr_expect(!strcmp(line(), ""));
}

Test(notices, a_key_takes_good_news_away_only_after_two_seconds)
{
	struct key key = { 'j' };

	add(MESSAGE_GOOD, "done", false);
	notices_key(&notices, key, now.now_ms + 1999);
	cr_expect(!strcmp(line(), "done"));
	notices_key(&notices, key, now.now_ms + 2000);
	cr_expect(!strcmp(line(), ""));
}

Test(notices, an_error_stays_until_esc)
{
	struct key key = { 'j' }, esc = { KEYCODE_ESC };

	add(MESSAGE_ERROR, "failed", false);
	notices_tick(&notices, now.now_ms + 3600000);
	cr_expect(!(notices_key(&notices, key, now.now_ms + 3600000)));
	cr_expect(!strcmp(line(), "failed"));
	cr_expect(notices_key(&notices, esc, now.now_ms + 3600000), "Esc is used up");
	cr_expect(!strcmp(line(), ""));
}

Test(notices, an_error_displaced_by_an_answer_comes_back)
{
	add(MESSAGE_ERROR, "failed", false);
	add(MESSAGE_WARNING, "take: nothing runs", true);
	cr_expect(!strcmp(line(), "take: nothing runs"));
	notices_tick(&notices, now.now_ms + 20000);
	cr_expect(!strcmp(line(), "failed"));
}

Test(notices, the_rest_waits_in_line_and_all_are_kept)
{
	char text[24];

	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "message %d", i);
		add(MESSAGE_GOOD, text, false);
	}
	cr_expect(!strcmp(line(), "message 0"));
	notices_tick(&notices, now.now_ms + 2000);
	cr_expect(!strcmp(line(), "message 292"), "the newest eight wait");
	cr_expect(notices.log.count == 200);
	cr_expect(!strcmp(message_log_row(&notices.log, 0)->text, "message 299"));
	cr_expect(message_log_row(&notices.log, 200) == NULL);
}
