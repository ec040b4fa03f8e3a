/* What a screen is: its own state, a table of functions, and effects. A screen draws from the model
 * and the time it is given; it reads no clock, file or environment and sends no request: it returns
 * effects, and the shell performs them. UI thread.
 *
 * To add a screen: a file with one struct screen_ops, a line in screens.c, a bit in enum screen_id
 * (tui/input/keymap.h), golden frames in tests/golden/<name>/, a section in man/kotsnap.1. */
#ifndef TUI_SCREENS_SCREEN_H
#define TUI_SCREENS_SCREEN_H

#include "backend/base/clock.h"
#include "backend/session/session.h"
#include "tui/draw/canvas.h"
#include "tui/input/keymap.h"

struct message_log; /* message_log.h */

/* Everything a screen may look at. Borrowed during the call. The app has drawn the title rule on
 * the first line of the view before draw() is called. */
struct screen_context {
	const struct model *model;
	int64_t now;	/* unix seconds */
	int64_t now_ms; /* monotonic: for "typed within 300 ms" and the 30 s of a rate */
	struct clock_zone zone;
	struct view view; /* the body: lines 3 (title rule) to n-2; used for page sizes too */
	const struct message_log *messages; /* what `m` shows; NULL where a test has none */
	bool writable;			    /* link is live and not read-only */
	const char *not_writable;	    /* else why: "not while the cluster does not answer" */
};

enum effect_kind {
	EFFECT_OPEN, /* opens screen `screen` on top with argument `text` (a uid, a name), or with
			the text of document when it is longer */
	EFFECT_GO,   /* goes to a tab: screen */
	EFFECT_BACK, /* closes this screen */
	EFFECT_REQUEST, /* hands `request` to the session; its ticket comes by ops->ticket() */
	EFFECT_MESSAGE, /* message line: text, level */
	EFFECT_COPY,	/* text to the clipboard of the terminal (OSC 52) */
	EFFECT_WRITE,	/* document to the file named text, mode 0600, never over an existing one */
	EFFECT_QUIT,
};
enum message_level { MESSAGE_GOOD, MESSAGE_INFO, MESSAGE_WARNING, MESSAGE_ERROR };

struct effect {
	enum effect_kind kind;
	enum screen_id screen;
	enum message_level level;
	struct request request;
	char text[512];
	const struct document *document; /* counted; the receiver drops it */
};

/* At most this many come from one key or event. */
struct effects {
	struct effect rows[6];
	size_t count;
};
struct effect *effects_add(struct effects *effects, enum effect_kind kind);
void effects_open(struct effects *effects, enum screen_id screen, const char *text);
void effects_message(struct effects *effects, enum message_level level, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
void effects_request(struct effects *effects, enum request_kind kind, const char *name,
		     const char *app);

struct screen_ops {
	enum screen_id id;
	const char *name; /* "snapshots": in help, palette, golden frames */
	int tab;	  /* 1 to 6: which tab is lit; 0 = that of the screen below */
	/* A strip over the last lines of the screen below, which stays in view, dim: it draws its
	 * own title rule and has no other (design/screens.md 2.1, dialog). */
	bool over;
	/* Something can be pressed here that acts: Enter typed before it was drawn never does. */
	bool acts;
	size_t state_size;
	void (*open)(void *state, const char *argument, const struct screen_context *context,
		     struct effects *effects);
	void (*close)(void *state); /* frees what the state owns; may be NULL */
	void (*update)(void *state, const struct screen_context *context,
		       struct effects *effects); /* the model is newer */
	/* A session event whose ticket this screen was given, or any EVENT_DONE. May be NULL. */
	void (*event)(void *state, const struct event *event, const struct screen_context *context,
		      struct effects *effects);
	void (*ticket)(void *state, const struct request *request,
		       uint64_t ticket); /* may be NULL */
	/* action is ACT_NONE when the key is bound to nothing here; text keys arrive so in fields.
	 * false = not mine (the app then handles tabs, help, quit ...). */
	bool (*key)(void *state, struct key key, enum action_id action,
		    const struct screen_context *context, struct effects *effects);
	bool (*takes_text)(const void *state); /* a text field has the focus; may be NULL */
	/* NULL when the action can act now, else the reason shown dim and in answer to the key. May
	 * be NULL. */
	const char *(*refusal)(const void *state, enum action_id action,
			       const struct screen_context *context);
	void (*draw)(const void *state, const struct screen_context *context);
	/* Left and right text of the title rule (line 3); draws nothing else. */
	void (*title)(const void *state, const struct screen_context *context, struct strbuf *left,
		      struct strbuf *right);
	/* The message line below, when no message stands there ("It runs in the cluster ...");
	 * false = none. May be NULL. */
	bool (*note)(const void *state, const struct screen_context *context, struct strbuf *out);
};

/* The table of all screens, by id. */
const struct screen_ops *screen_find(enum screen_id id);

#endif
