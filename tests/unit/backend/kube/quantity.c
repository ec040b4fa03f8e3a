#include "backend/kube/quantity.h"

#include "backend/base/mem.h"

#include <criterion/criterion.h>

static const struct {
	const char *text;
	int64_t bytes;
} quantities[] = {
	{ "10Gi", INT64_C(10) << 30 },
	{ "500M", 500000000 },
	{ "1e3", 1000 },
	{ "0.5Ki", 512 },
	{ "1500m", 1 },
	{ "", 0 },
	{ "x", 0 },
	{ "-1Gi", 0 },
	{ "10 Gi", 0 },
	{ "9e99", 0 },
	{ "1Ti", INT64_C(1) << 40 },
};

Test(quantity, is_read_as_kubernetes_does)
{
	for (size_t i = 0; i < ARRAY_SIZE(quantities); i++)
		cr_expect_eq(quantity_bytes(quantities[i].text), quantities[i].bytes, "%s",
			     quantities[i].text);
}
