/* Words that several operations say: sizes, counts, who we are. Pure. */
#ifndef BACKEND_OPS_OP_WORDS_H
#define BACKEND_OPS_OP_WORDS_H

#include "backend/ops/op.h"

/* "167 GiB", "1.10 TiB", "512 B": three significant digits, powers of 1024 (design/screens.md 2.5).
 */
void op_add_size(struct strbuf *out, int64_t size_bytes);
/* "1,204 objects", "1 volume". */
void op_add_count(struct strbuf *out, int64_t count, const char *one, const char *many);
/* The last word of world->made_by: "root@node-01". Borrowed. */
const char *op_owner(const struct op_world *world);
/* A view with its head filled in and `count` waiting steps of these titles. */
struct op_view *op_view_start(enum op_kind kind, const char *id, const char *const *titles,
			      size_t count);
/* State, times and detail of one step; detail is copied. */
void op_view_step(struct op_view *view, size_t index, struct op_step_view step);

#endif
