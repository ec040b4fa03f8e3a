/* Folders as wholes: size, emptiness, removal, copying away. They block; whatever vanishes
 * meanwhile is no error. Any thread. */
#ifndef BACKEND_PRACTICE_FOLDER_H
#define BACKEND_PRACTICE_FOLDER_H

#include "backend/base/status.h"

#include <stdbool.h>
#include <stdint.h>

bool folder_exists(const char *path);
int64_t folder_size(const char *path);	/* bytes of all files below */
bool folder_is_empty(const char *path); /* also when absent */
/* Removes it and all below; symbolic links are not followed. Absent is success. */
enum status folder_remove(const char *path, struct error *err);
/* The same for what lies in it: the folder itself stays. */
enum status folder_clear(const char *path, struct error *err);
/* Links (or copies) the plain files of one folder into another that exists; those that are there
 * already stay. */
enum status folder_link_files(const char *from, const char *to, struct error *err);

#endif
