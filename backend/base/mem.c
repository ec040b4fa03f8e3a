#include "backend/base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK_FIRST   1024
#define CHUNK_LARGEST (64 * 1024)

static void (*die_hook)(void);

void die_set_hook(void (*hook)(void))
{
	die_hook = hook;
}

void die_run_hook(void)
{
	void (*hook)(void) = die_hook;

	die_hook = NULL;
	if (hook)
		hook();
}

_Noreturn void die(const char *fmt, ...)
{
	va_list args;

	die_run_hook();
	va_start(args, fmt);
	fputs("kotsnap: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

void *mem_alloc(size_t size)
{
	return mem_array(1, size);
}

void *mem_array(size_t count, size_t size)
{
	void *block = calloc(count ? count : 1, size ? size : 1);

	if (!block)
		die("out of memory (%zu times %zu bytes)", count, size);
	return block;
}

void *mem_resize(void *block, size_t size)
{
	void *moved = realloc(block, size ? size : 1);

	if (!moved)
		die("out of memory (%zu bytes)", size);
	return moved;
}

char *mem_text_n(const char *text, size_t len)
{
	char *copy = mem_alloc(len + 1);

	if (len)
		memcpy(copy, text, len);
	return copy;
}

char *mem_text(const char *text)
{
	return mem_text_n(text, text ? strlen(text) : 0);
}

void mem_wipe(void *block, size_t size)
{
	if (block)
		explicit_bzero(block, size);
}

void *mem_grow(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t wanted;

	if (count < *capacity)
		return array;
	wanted = *capacity ? *capacity * 2 : 8;
	while (wanted <= count)
		wanted *= 2;
	if (wanted > SIZE_MAX / size)
		die("out of memory (%zu times %zu bytes)", wanted, size);
	*capacity = wanted;
	return mem_resize(array, wanted * size);
}

/* Text is never written, so that dropping its pages loses nothing. Other mappings may hold
 * relocated pointers. */
static void drop_text(const char *line)
{
	unsigned long from, to;
	char rights[5], path[2];

	if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %1s", &from, &to, rights, path) == 4 &&
	    !strcmp(rights, "r-xp") && path[0] == '/')
		madvise((void *)from, to - from, MADV_DONTNEED);
}

void mem_rest(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];

	malloc_trim(0);
	while (maps && fgets(line, sizeof(line), maps))
		drop_text(line);
	if (maps)
		fclose(maps);
}

struct arena_chunk {
	struct arena_chunk *next;
	uint32_t used, size; /* small: each object that is kept has a chunk of its own */
	_Alignas(max_align_t) char bytes[];
};

static struct arena_chunk *arena_chunk_new(struct arena *arena, size_t size)
{
	size_t wanted = arena->next_chunk ? arena->next_chunk : CHUNK_FIRST;
	struct arena_chunk *chunk;

	if (wanted < size)
		wanted = size;
	if (wanted > UINT32_MAX)
		die("out of memory (%zu bytes)", wanted);
	chunk = malloc(sizeof(*chunk) + wanted);
	if (!chunk)
		die("out of memory (%zu bytes)", wanted);
	chunk->next = arena->head;
	chunk->used = 0;
	chunk->size = (uint32_t)wanted;
	arena->head = chunk;
	arena->next_chunk = wanted * 2 < CHUNK_LARGEST ? wanted * 2 : CHUNK_LARGEST;
	return chunk;
}

static void *take(struct arena *arena, size_t size, size_t align)
{
	struct arena_chunk *chunk = arena->head;
	size_t start = chunk ? (chunk->used + align - 1) & ~(align - 1) : 0;

	if (!chunk || start > chunk->size || chunk->size - start < size) {
		chunk = arena_chunk_new(arena, size);
		start = 0;
	}
	chunk->used = (uint32_t)(start + size);
	return chunk->bytes + start;
}

void *arena_take(struct arena *arena, size_t size)
{
	return take(arena, size, _Alignof(max_align_t));
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_take(arena, size), 0, size);
}

const char *arena_text_n(struct arena *arena, const char *text, size_t len)
{
	char *copy;

	if (len == 0)
		return "";
	copy = take(arena, len + 1, 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

const char *arena_text(struct arena *arena, const char *text)
{
	return arena_text_n(arena, text, text ? strlen(text) : 0);
}

static void free_chunks(struct arena_chunk *chunk)
{
	struct arena_chunk *next;

	for (; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
}

void arena_reset(struct arena *arena)
{
	if (!arena->head)
		return;
	free_chunks(arena->head->next);
	arena->head->next = NULL;
	arena->head->used = 0;
}

void arena_done(struct arena *arena)
{
	free_chunks(arena->head);
	arena->head = NULL;
}
