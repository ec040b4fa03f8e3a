/* What kubectl sends for kinds it has Go types for: Kubernetes' protobuf envelope, read into the
 * same tree as JSON. Only the kinds of the table in protobuf.c; answers are always JSON, which such
 * clients accept. Pure. */
#ifndef BACKEND_PRACTICE_PROTOBUF_H
#define BACKEND_PRACTICE_PROTOBUF_H

#include "backend/base/json.h"

#define PROTOBUF_TYPE "application/vnd.kubernetes.protobuf"

/* STATUS_UNSUPPORTED for a kind that is not in the table, STATUS_FORMAT for bytes that are no such
 * message. *ret_object is owned. */
enum status protobuf_parse(const char *bytes, size_t len, struct json **ret_object,
			   struct error *err);

#endif
