#include "backend/kube/backoff.h"

#include <sys/random.h>

int64_t backoff_jitter(int64_t ms)
{
	uint32_t dice = UINT32_MAX / 2;

	if (getrandom(&dice, sizeof(dice), GRND_NONBLOCK) != sizeof(dice))
		return ms;
	return ms - ms / 5 + (int64_t)((uint64_t)(ms * 2 / 5) * dice / UINT32_MAX);
}

int64_t backoff_delay(unsigned tries, int64_t first_ms, int64_t most_ms, int retry_after_s)
{
	int64_t ms = first_ms, asked_ms = (int64_t)retry_after_s * 1000;

	while (tries-- && ms < most_ms)
		ms *= 2;
	ms = backoff_jitter(ms < most_ms ? ms : most_ms);
	/* What the server asks for is a floor: the jitter comes on top of it. */
	if (ms < asked_ms)
		ms = asked_ms + (ms > 0 ? ms % 250 : 0);
	return ms;
}
