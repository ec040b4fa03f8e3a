/* The name of a key that was named is a name of that key. (What a terminal sends is taken apart by
 * curses itself.) */
#include "tests/fuzz/fuzz.h"

#include "tui/input/keymap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = malloc(size ? size : 1); /* no NUL behind it */
	struct key key = { 0 }, again = { 0 };
	struct strbuf named = STRBUF_INIT;

	if (size)
		memcpy(name, data, size);
	if (key_from_name(name, size, &key)) {
		key_add_name(&named, key);
		fuzz_require(key_from_name(named.buf, named.len, &again));
		fuzz_require(again.code == key.code);
		for (int screen = 0; screen < SCREENS; screen++)
			(void)action_find(key, (enum screen_id)screen);
	}
	strbuf_done(&named);
	free(name);
	return 0;
}
