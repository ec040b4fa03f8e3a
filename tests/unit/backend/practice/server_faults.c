#include "backend/practice/faults.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(server_faults, each_name_finds_its_fault)
{
	enum fault found;
	unsigned i;

	for (i = 0; i < FAULT_COUNT; i++) {
		cr_assert(fault_from_name(fault_name((enum fault)i), &found));
		cr_assert(eq(int, (int)found, (int)i));
		cr_assert_str_not_empty(fault_words((enum fault)i));
	}
	cr_assert_not(fault_from_name("", &found));
}

Test(server_faults, one_that_is_taken_hits_once)
{
	struct faults faults = { 0 };

	faults_set(&faults, FAULT_VOLUME);
	faults_set(&faults, FAULT_DISK);
	cr_assert(faults_take(&faults, FAULT_VOLUME));
	cr_assert_not(faults_take(&faults, FAULT_VOLUME));
	cr_assert(faults_has(&faults, FAULT_DISK));
}

Test(server_faults, the_set_ones_are_listed_until_cleared)
{
	struct faults faults = { 0 };
	struct strbuf names = STRBUF_INIT;

	faults_set(&faults, FAULT_NODE_AGENT);
	faults_set(&faults, FAULT_STALL);
	faults_add_names(&faults, &names);
	cr_assert_str_eq(names.buf, "stall\nnode-agent\n");
	faults_clear(&faults, FAULT_STALL);
	strbuf_reset(&names);
	faults_add_names(&faults, &names);
	cr_assert_str_eq(names.buf, "node-agent\n");
	faults_clear_all(&faults);
	strbuf_reset(&names);
	faults_add_names(&faults, &names);
	cr_assert_str_eq(names.buf, "");
	strbuf_done(&names);
}
