/* Marks and lines, each in UTF-8 and ASCII (design/screens.md 2.4). Every one is a single cell in
 * both. */
#ifndef TUI_DRAW_GLYPH_H
#define TUI_DRAW_GLYPH_H

#include <stdbool.h>

/* glyph, UTF-8, ASCII */
#define GLYPH_LIST(X)                                                                              \
	X(GLYPH_GOOD, "\u2713", "+")                                                               \
	X(GLYPH_RUNNING, "\u25d0", "o")                                                            \
	X(GLYPH_WARNING, "\u25b2", "!")                                                            \
	X(GLYPH_BAD, "\u2717", "x")                                                                \
	X(GLYPH_UNKNOWN, "?", "?")                                                                 \
	X(GLYPH_OFF, "\u00b7", ".")                                                                \
	X(GLYPH_GONE, "-", "-")                                                                    \
	X(GLYPH_ELLIPSIS, "\u2026", "~")                                                           \
	X(GLYPH_CHOSEN, "\u2022", "*")                                                             \
	X(GLYPH_CURSOR, "\u25b8", ">")                                                             \
	X(GLYPH_MARKED, "*", "*")                                                                  \
	X(GLYPH_PATH, "\u203a", ">")                                                               \
	X(GLYPH_RULE, "\u2500", "-")                                                               \
	X(GLYPH_SPLIT, "\u2502", "|")                                                              \
	X(GLYPH_JOINT_DOWN, "\u252c", "+")                                                         \
	X(GLYPH_JOINT_RIGHT, "\u251c", "+")                                                        \
	X(GLYPH_JOINT_LEFT, "\u2524", "+")                                                         \
	X(GLYPH_JOINT_CROSS, "\u253c", "+")                                                        \
	X(GLYPH_BAR_DONE, "\u2588", "#")                                                           \
	X(GLYPH_BAR_REST, "\u2591", ".")                                                           \
	X(GLYPH_WAITED, "\u00b7", ".")                                                             \
	X(GLYPH_DOWN, "\u2193", "v")                                                               \
	X(GLYPH_UP, "\u2191", "^")                                                                 \
	X(GLYPH_TYPING, "\u258f", "_")                                                             \
	X(GLYPH_ARROW, "\u2192", ">")

enum glyph {
#define GLYPH_ENUM(glyph, utf8, ascii) glyph,
	GLYPH_LIST(GLYPH_ENUM)
#undef GLYPH_ENUM
		GLYPHS
};

const char *glyph_text(enum glyph glyph, bool ascii);
/* The ASCII form of one grapheme when it is a glyph of ours or a dash or quote; "?" for anything
 * else that is not ASCII. */
const char *glyph_reduce(const char *grapheme);

#endif
