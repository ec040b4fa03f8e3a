#include "backend/kube/backoff.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* tries, what the server asked for, least and most milliseconds */
static const struct {
	unsigned tries;
	int asked_s;
	int64_t least, most;
} cases[] = {
	{ 0, -1, 800, 1200 },	       { 1, -1, 1600, 2400 },	{ 2, -1, 3200, 4800 },
	{ 3, -1, 6400, 9600 },	       { 4, -1, 12000, 18000 }, { 40, -1, 12000, 18000 },
	{ 4000000, -1, 12000, 18000 }, { 0, 0, 800, 1200 },	{ 0, 30, 30000, 30250 },
	{ 4, 5, 12000, 18000 },
};

Test(backoff, doubles_to_its_most_and_obeys_the_server)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int round = 0; round < 200; round++) {
			int64_t ms = backoff_delay(cases[i].tries, 1000, 15000, cases[i].asked_s);

			cr_expect(ms >= cases[i].least && ms <= cases[i].most, "%u tries: %lld",
				  cases[i].tries, (long long)ms);
		}
	}
}

Test(backoff, many_do_not_come_back_at_once)
{
	int different = 0;

	for (int i = 0; i < 50; i++)
		different += backoff_jitter(10000) != backoff_jitter(10000);
	cr_expect(gt(int, different, 40));
}
