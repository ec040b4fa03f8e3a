#include "backend/base/mem.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Test(mem, new_memory_is_zero_and_of_no_size_still_a_block)
{
	char *block = mem_alloc(100), *none = mem_alloc(0), *empty = mem_array(0, 8);

	for (int i = 0; i < 100; i++)
		cr_assert_eq(block[i], 0);
	cr_assert(none && empty);
	free(block);
	free(none);
	free(empty);
}

Test(mem, copies_are_texts)
{
	char *null = mem_text(NULL), *part = mem_text_n("abcdef", 3), *none = mem_text_n(NULL, 0);

	cr_assert_str_eq(null, "");
	cr_assert_str_eq(part, "abc");
	cr_assert_str_eq(none, "");
	free(null);
	free(part);
	free(none);
}

Test(mem, growing_keeps_what_is_there)
{
	size_t capacity = 0;
	int *rows = NULL;

	for (int i = 0; i < 10000; i++) {
		rows = mem_grow(rows, (size_t)i, &capacity, sizeof(*rows));
		cr_assert_gt(capacity, (size_t)i);
		rows[i] = i;
	}
	for (int i = 0; i < 10000; i++)
		cr_assert_eq(rows[i], i);
	free(rows);
}

Test(mem, wiping_leaves_nothing)
{
	char secret[] = "secret";

	mem_wipe(secret, sizeof(secret));
	for (size_t i = 0; i < sizeof(secret); i++)
		cr_assert_eq(secret[i], 0);
	mem_wipe(NULL, 7);
}

/* A product that overflows must not become a small block. */
Test(mem, a_product_too_large_ends_the_program, .signal = SIGABRT)
{
	(void)mem_grow(NULL, SIZE_MAX / 64, &(size_t){ SIZE_MAX / 128 }, 4096);
}

static int hook_pipe[2];

static void hook(void)
{
	if (write(hook_pipe[1], "h", 1) != 1)
		_exit(1);
}

Test(mem, the_hook_runs_once)
{
	char bytes[4];

	cr_assert_eq(pipe(hook_pipe), 0);
	die_set_hook(hook);
	die_run_hook();
	die_run_hook();
	cr_assert_eq(read(hook_pipe[0], bytes, sizeof(bytes)), 1);
}

Test(mem, dying_says_why_after_the_hook, .signal = SIGABRT)
{
	cr_assert_eq(pipe(hook_pipe), 0);
	die_set_hook(hook);
	die("no %s left", "paper");
}

Test(arena, blocks_are_zero_aligned_and_apart)
{
	struct arena arena = { 0 };
	char *last = NULL;

	for (size_t size = 1; size < 3000; size = size * 5 / 4 + 1) {
		char *block = arena_alloc(&arena, size);

		cr_assert_eq((uintptr_t)block % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			cr_assert_eq(block[i], 0);
		memset(block, 'x', size); /* the sanitizer watches the ends */
		cr_assert_neq(block, last);
		last = block;
	}
	arena_done(&arena);
	arena_done(&arena);
	cr_assert_str_eq(arena_text(&arena, "again"), "again", "ready for use");
	arena_done(&arena);
}

Test(arena, texts_are_copied_and_never_null)
{
	struct arena arena = { 0 };
	char text[] = "abc";
	const char *copy = arena_text(&arena, text), *large;
	char *huge = mem_alloc(200001);

	text[0] = 'x';
	cr_assert_str_eq(copy, "abc");
	cr_assert_str_eq(arena_text(&arena, NULL), "");
	cr_assert_str_eq(arena_text_n(&arena, "abcdef", 2), "ab");
	memset(huge, 'h', 200000);
	large = arena_text(&arena, huge);
	cr_assert_eq(strlen(large), 200000);
	cr_assert_str_eq(copy, "abc");
	free(huge);
	arena_done(&arena);
}

Test(arena, text_and_block_in_turn_do_not_touch)
{
	struct arena arena = { .next_chunk = 64 };
	const char *texts[200];
	int *numbers[200];

	for (int i = 0; i < 200; i++) {
		char text[16];

		snprintf(text, sizeof(text), "t%d", i);
		texts[i] = arena_text(&arena, text);
		numbers[i] = arena_alloc(&arena, sizeof(int));
		*numbers[i] = i;
	}
	for (int i = 0; i < 200; i++) {
		char text[16];

		snprintf(text, sizeof(text), "t%d", i);
		cr_assert_str_eq(texts[i], text);
		cr_assert_eq(*numbers[i], i);
	}
	arena_done(&arena);
}

Test(arena, what_was_reset_is_used_again_and_nothing_before_it_leaks)
{
	struct arena arena = { 0 };

	arena_reset(&arena); /* empty is fine */
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 200; i++)
			memset(arena_alloc(&arena, 100), 'x', 100);
		for (int i = 0; i < 100; i++)
			cr_assert_eq(((char *)arena_alloc(&arena, 100))[i], 0, "zeroed again");
		arena_reset(&arena);
	}
	cr_assert_str_eq(arena_text(&arena, "after"), "after");
	arena_done(&arena);
}
