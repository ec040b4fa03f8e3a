/* Allocation that cannot fail, the end of the program, and arenas. Any thread.
 *
 * Out of memory ends the program through die(), whose hook restores the terminal. Operations
 * survive in their journal. */
#ifndef BACKEND_BASE_MEM_H
#define BACKEND_BASE_MEM_H

#include "backend/base/status.h"

#include <stdbool.h>
#include <stddef.h>

void *mem_alloc(size_t size);		    /* zeroed; free() it */
void *mem_array(size_t count, size_t size); /* zeroed; an overflow dies */
void *mem_resize(void *block, size_t size); /* as realloc(); new bytes are not zeroed */
char *mem_text(const char *text);	    /* copy; NULL copies "" */
char *mem_text_n(const char *text, size_t len);

/* Overwrites secrets before they are freed; not optimised away. */
void mem_wipe(void *block, size_t size);

/* Grows `array` (element size `size`) so that it holds at least `count` + 1 elements. Doubles. */
void *mem_grow(void *array, size_t count, size_t *capacity, size_t size);

/* Gives back what a program at rest does not need: free heap, and the code that only the start ran
 * (most of what an idle console had resident was the start of TLS and Kerberos libraries; 13 MB
 * became 8). Needed pages come back by themselves. */
void mem_rest(void);

/* The one end of the program in library code. Prints to stderr after running the hook. The hook
 * must be async-signal-safe enough to be called from a SIGSEGV handler; one per process, set by the
 * owner of the terminal. */
_Noreturn void die(const char *fmt, ...) PRINTF_LIKE(1, 2);
void die_set_hook(void (*hook)(void));
void die_run_hook(void);

/* Many small blocks freed in one call. Zero-initialised is empty and ready. Not thread-safe; what
 * is published is const. */
struct arena_chunk;
struct arena {
	struct arena_chunk *head;
	size_t next_chunk; /* size of the next chunk in bytes, 0 = default 1024; set it once when
			      the use is known */
};

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for any type */
void *arena_take(struct arena *arena, size_t size);  /* the same, not zeroed */
const char *arena_text(struct arena *arena,
		       const char *text); /* NULL becomes ""; "" takes no space */
const char *arena_text_n(struct arena *arena, const char *text, size_t len);
void arena_reset(struct arena *arena); /* what was taken is no more; its last chunk stays */
void arena_done(struct arena *arena);  /* frees all; ready for use again */

#endif
