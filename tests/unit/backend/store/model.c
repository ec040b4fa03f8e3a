/* The picture of the cluster: questions that several screens ask. */
#include "backend/store/model.h"
#include "tests/support/site.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

Test(model, before_any_network_everything_is_there_and_empty)
{
	struct model *model = model_new();

	cr_assert_eq(model->link.state, LINK_CONNECTING);
	for (int i = 0; i < COLLECTIONS; i++) {
		cr_assert_eq(model->lists[i]->count, 0);
		cr_assert_eq(model->state[i].reading, READ_NOT_YET);
	}
	cr_assert_str_eq(model->link.server, "");
	cr_assert_null(model->running);
	cr_assert_null(model_newest_restorable(model, false));
	cr_assert_null(model_snapshot_by_name(model, "x"));
	cr_assert_null(model_snapshot(model, "x"));
	model_unref(model);
}

Test(model, the_newest_restorable_one_is_complete_and_not_the_one_that_runs)
{
	struct model *model = site_model(SITE_STORY);

	cr_assert_str_eq(model->running->backup->object.name, "instance-x7k2p");
	cr_assert_str_eq(model_newest_restorable(model, false)->backup->object.name,
			 "acme-analytics-b9d4m");
	cr_assert_str_eq(model_newest_restorable(model, true)->backup->object.name,
			 "instance-m4h8t");
	model_unref(model);
}

Test(model, a_second_holder_keeps_it)
{
	struct model *model = site_model(SITE_QUIET);
	const struct model *second = model_ref(model);

	model_unref(model);
	cr_assert(model_snapshot_by_name(second, "instance-m4h8t"));
	model_unref(second);
	model_unref(NULL);
}

/* Each changes one thing that a person can see. */
static void change(struct op_view *view, size_t what)
{
	switch (what) {
	case 0:
		view->state = OP_FAILED;
		break;
	case 1:
		view->verdict = "other";
		break;
	case 2:
		view->why = "other";
		break;
	case 3:
		view->next = "other";
		break;
	case 4:
		view->ended = 7;
		break;
	case 5:
		view->errors = 1;
		break;
	case 6:
		view->warnings = 1;
		break;
	case 7:
		view->restore = "other";
		break;
	case 8:
		view->steps[0].state = OP_STEP_DONE;
		break;
	case 9:
		view->steps[0].detail = "other";
		break;
	case 10:
		view->steps[0].title = "other";
		break;
	case 11:
		view->steps[0].ended = 7;
		break;
	case 12:
		view->step_count = 0;
		break;
	default:
		view->owner = "other";
		break;
	}
}

static struct op_view *a_view(void)
{
	struct op_view *view = op_view_new();

	view->steps = arena_alloc(&view->arena, sizeof(*view->steps));
	view->step_count = 1;
	view->steps[0] = (struct op_step_view){ .title = "Step", .detail = "" };
	return view;
}

ParameterizedTestParameters(op_view, a_change_that_can_be_seen_is_a_difference)
{
	static size_t rows[14];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = i;
	return cr_make_param_array(size_t, rows, ARRAY_SIZE(rows));
}

ParameterizedTest(size_t *row, op_view, a_change_that_can_be_seen_is_a_difference)
{
	struct op_view *a = a_view(), *b = a_view();

	cr_assert(op_view_equal(a, b));
	change(b, *row);
	cr_assert_not(op_view_equal(a, b));
	op_view_unref(a);
	op_view_unref(b);
}

static const struct {
	const char *backup, *phase;
	int64_t age, errors;
	enum leftover want;
} leftovers[] = {
	{ "instance-m4h8t", "", 30, 0, LEFTOVER_NOT },
	{ "instance-m4h8t", "InProgress", 599, 0, LEFTOVER_NOT },
	{ "instance-m4h8t", "InProgress", 600, 0, LEFTOVER_STUCK },
	{ "instance-m4h8t", "", 3600, 0, LEFTOVER_STUCK },
	{ "instance-m4h8t", "Processed", 30, 1, LEFTOVER_FAILED },
	{ "instance-m4h8t", "Processed", 200000, 1, LEFTOVER_FAILED },
	{ "instance-m4h8t", "Processed", 30, 0, LEFTOVER_NOT },
	{ "instance-gone", "Processed", 3600, 0, LEFTOVER_ORPHAN },
	{ "instance-gone", "Processed", 3600, 2, LEFTOVER_ORPHAN },
	{ "instance-gone", "InProgress", 3600, 0, LEFTOVER_ORPHAN },
	/* two watches are not equally fast */
	{ "instance-gone", "InProgress", 5, 0, LEFTOVER_NOT },
};

Test(model, a_delete_request_that_nobody_ends_is_a_leftover)
{
	struct model *model = site_model(SITE_QUIET);
	struct delete_request request = { .error = "" };

	for (size_t i = 0; i < ARRAY_SIZE(leftovers); i++) {
		request.backup = leftovers[i].backup;
		request.phase = leftovers[i].phase;
		request.error_count = leftovers[i].errors;
		request.object.created = SITE_NOW - leftovers[i].age;
		cr_expect_eq(model_leftover(model, &request, SITE_NOW), leftovers[i].want,
			     "row %zu", i);
	}
	/* What may not be read any more does not say that anything is gone. */
	model->state[COLLECTION_BACKUPS].reading = READ_FORBIDDEN;
	request = (struct delete_request){ .backup = "instance-gone", .phase = "Processed" };
	cr_expect_eq(model_leftover(model, &request, SITE_NOW), LEFTOVER_NOT);
	model_unref(model);
}
