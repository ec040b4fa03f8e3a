#include "tui/draw/role.h"

#include <string.h>

static const struct {
	const char *name;
	enum role parent;
} role_rows[ROLES] = {
#define ROLE_ROW(role, name, parent) [role] = { name, parent },
	ROLE_LIST(ROLE_ROW)
#undef ROLE_ROW
};

const char *role_name(enum role role)
{
	return role_rows[role].name;
}

enum role role_parent(enum role role)
{
	return role_rows[role].parent;
}

enum role role_find(const char *name)
{
	enum role role;

	for (role = 0; role < ROLES; role++) {
		if (!strcmp(role_rows[role].name, name))
			break;
	}
	return role;
}
