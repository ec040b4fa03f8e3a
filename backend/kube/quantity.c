#include "backend/kube/quantity.h"

#include "backend/base/mem.h"

#include <stdlib.h>
#include <string.h>

int64_t quantity_bytes(const char *text)
{
	static const struct {
		const char *suffix;
		double factor;
	} units[] = {
		{ "", 1 },
		{ "Ki", 1024.0 },
		{ "Mi", 1048576.0 },
		{ "Gi", 1073741824.0 },
		{ "Ti", 1099511627776.0 },
		{ "Pi", 1125899906842624.0 },
		{ "k", 1e3 },
		{ "M", 1e6 },
		{ "G", 1e9 },
		{ "T", 1e12 },
		{ "P", 1e15 },
		{ "m", 1e-3 },
	};
	char *end;
	double value = strtod(text, &end);

	if (end == text || value < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(end, units[i].suffix) && value * units[i].factor < 9e18)
			return (int64_t)(value * units[i].factor);
	return 0;
}
