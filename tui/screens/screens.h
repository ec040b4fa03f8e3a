/* All screens (screens.c has the table), and what several of them share.
 *
 * Row 0 of context->view is the title rule (line 3 of the terminal): the shell has drawn
 * ops->title() there over the whole width before ops->draw(). A screen draws from row 1 on; one
 * that splits draws row 0 anew (body_split()). The shell calls update() after open() and with each
 * newer model, always before draw(). */
#ifndef TUI_SCREENS_SCREENS_H
#define TUI_SCREENS_SCREENS_H

#include "tui/screens/screen.h"

extern const struct screen_ops overview_screen, snapshots_screen, activity_screen,
	destination_screen, schedules_screen, doctor_screen, take_screen, snapshot_screen,
	operation_screen, restore_screen, delete_screen, log_screen, takeover_screen, help_screen,
	commands_screen, messages_screen, stop_screen, text_screen;

/* Arguments of EFFECT_OPEN by screen (text):
 * SCREEN_SNAPSHOT   name of the snapshot
 * SCREEN_TAKE       "" or the slug of an application to offer first
 * SCREEN_DELETE     names joined by blanks
 * SCREEN_RESTORE    name of the snapshot
 * SCREEN_OPERATION  id of the op_view, or "backup/NAME", "restore/NAME" for one that nobody here
 * runs; "" = the newest running one SCREEN_LOG        "BackupLog NAME", "RestoreLog NAME"
 * SCREEN_TAKEOVER   id of the op_view
 * SCREEN_STOP       as SCREEN_OPERATION
 * SCREEN_TEXT       the text: a line with its title, one with the name of its file, the rest
 * SCREEN_HELP       name of the screen it was asked from
 * SCREEN_COMMANDS   "snapshot NAME", "destination", "schedules" ...: what the commands are about;
 * "" = in general */

#endif
