/* Values from one thread to another, in order, with a doorbell. The mailbox owns what lies in it
 * (freed with `drop`). Posting wakes the receiver: by a pipe descriptor to poll(), or by a function
 * such as curl_multi_wakeup(). */
#ifndef BACKEND_BASE_MAILBOX_H
#define BACKEND_BASE_MAILBOX_H

#include <stdbool.h>

struct mailbox;

/* ring == NULL: mailbox_fd() is a descriptor that is readable while something lies in the box. drop
 * frees one value. */
struct mailbox *mailbox_new(void (*ring)(void *arg), void *arg, void (*drop)(void *value));
void mailbox_free(struct mailbox *box);		     /* once no thread uses it; NULL is fine */
void mailbox_post(struct mailbox *box, void *value); /* any thread; takes over value (not NULL) */
void *mailbox_take(struct mailbox *box);   /* receiver; NULL when empty; the caller owns it */
int mailbox_fd(const struct mailbox *box); /* -1 with a ring function */

#endif
