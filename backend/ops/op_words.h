/* Words that several operations say: who we are, their steps. Pure. */
#ifndef BACKEND_OPS_OP_WORDS_H
#define BACKEND_OPS_OP_WORDS_H

#include "backend/ops/op.h"

/* The last word of world->made_by: "root@node-01". Borrowed. */
const char *op_owner(const struct op_world *world);
/* "root on node-02" of "root@node-02"; another form as it is. */
void op_add_owner(struct strbuf *out, const char *owner);
/* STATUS_ELSEWHERE: "only watching: root on node-02 has it since 03:41 UTC". since 0: not said. */
enum status op_watching_error(struct error *err, const char *owner, int64_t since);
/* A view with its head filled in and `count` waiting steps of these titles. */
struct op_view *op_view_start(enum op_kind kind, const char *id, const char *const *titles,
			      size_t count);
/* State, times and detail of one step; detail is copied. */
void op_view_step(struct op_view *view, size_t index, struct op_step_view step);

#endif
