#include "backend/ops/op.h"

#include <stdlib.h>

void op_init(struct op *op, const struct op_kind_ops *ops, const struct op_world *world,
	     uint64_t ticket)
{
	op->ops = ops;
	op->world = world;
	op->ticket = ticket;
}

void op_look(struct op *op)
{
	if (!op->has_ended)
		op->ops->look(op);
}

void op_free(struct op *op)
{
	if (!op)
		return;
	op->ops->free(op);
	op_view_unref(op->view);
	free(op);
}

void op_publish(struct op *op, const struct op_view *view)
{
	if (op->view && op_view_equal(op->view, view)) {
		op_view_unref(view);
		return;
	}
	op_view_unref(op->view);
	op->view = view;
	op->world->changed(op->world->arg, op);
}

void op_end(struct op *op, const struct error *err)
{
	if (op->has_ended)
		return;
	op->has_ended = true;
	op->world->ended(op->world->arg, op, err);
}
